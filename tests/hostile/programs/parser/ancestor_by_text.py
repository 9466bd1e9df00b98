# Tries: to have the work done by an ancestor, found by its name
# Ends in: calls_ancestor
def priority(x):
    return globals()['priority_v12'](x)
