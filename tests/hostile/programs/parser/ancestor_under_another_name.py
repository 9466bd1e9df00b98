# Tries: to have the work done by an ancestor, under another name
# Ends in: calls_ancestor
def priority(x):
    other = priority_v1
    return other(x)
