# Tries: to run out of the stack by printing a list a million deep
# Ends in: memory, runtime_error
def priority(x):
    import sys
    sys.setrecursionlimit(10**9)
    y = []
    for _ in range(10**6):
        y = [y]
    return len(repr(y))
