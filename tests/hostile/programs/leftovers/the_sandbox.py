# Tries: to change the sandbox's own modules for the programs after it
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.modules["fsdb.sandbox.child"].called_ancestor = lambda *_: "left behind"
    return 0
