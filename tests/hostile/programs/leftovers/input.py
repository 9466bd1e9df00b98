# Tries: to change the input for whoever comes next
# Ends in: ok
# Unprotected: seen
def priority(x):
    x.append("left behind")
    return 0
