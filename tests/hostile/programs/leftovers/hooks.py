# Tries: to have errors shown its way
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.excepthook = sys.unraisablehook = print
    return 0
