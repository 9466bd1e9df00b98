# Tries: to run out of the stack in C, which kills the process
# Ends in: memory, runtime_error
def priority(x):
    import sys
    sys.setrecursionlimit(10**9)
    return max([x], key=priority)
