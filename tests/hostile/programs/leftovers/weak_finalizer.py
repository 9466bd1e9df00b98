# Tries: to have something run when a function goes
# Ends in: ok
# Unprotected: seen
def priority(x):
    import weakref
    weakref.finalize(evaluate, print, "gone")
    return 0
