# Tries: to recur without an end, with Python's limit taken away
# Ends in: memory, runtime_error, timeout
def priority(x):
    import sys
    sys.setrecursionlimit(10**9)
    return priority(x + [0] * 1000)
