# Tries: to have the work done by an ancestor
# Ends in: calls_ancestor
def priority(x):
    return priority_v0(x)
