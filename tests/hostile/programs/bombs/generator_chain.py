# Tries: to run out of the stack by generators that delegate to each other
# Ends in: runtime_error, memory
def priority(x):
    import sys
    sys.setrecursionlimit(10**9)
    def deeper():
        yield from deeper()
    return len(list(deeper()))
