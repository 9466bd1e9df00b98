# Tries: to change a function that everybody uses
# Ends in: ok
# Unprotected: seen
def priority(x):
    import builtins
    builtins.len = lambda _: 7
    return 0
