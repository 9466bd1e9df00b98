# Tries: to run out of the stack by a tuple of classes a million deep
# Ends in: runtime_error, memory, invalid_score
def priority(x):
    import sys
    sys.setrecursionlimit(10**9)
    y = (int,)
    for _ in range(10**6):
        y = (y,)
    return isinstance("", y)
