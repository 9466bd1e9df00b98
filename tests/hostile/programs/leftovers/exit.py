# Tries: to have something run at the end
# Ends in: ok
# Unprotected: seen
def priority(x):
    import atexit
    atexit.register(print, "late")
    return 0
