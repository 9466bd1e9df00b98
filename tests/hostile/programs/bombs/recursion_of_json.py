# Tries: to run out of the stack by writing a list a million deep as JSON
# Ends in: memory, runtime_error
def priority(x):
    import json, sys
    sys.setrecursionlimit(10**9)
    y = []
    for _ in range(10**6):
        y = [y]
    return len(json.dumps(y))
