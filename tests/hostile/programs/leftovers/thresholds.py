# Tries: to have memory collected all the time
# Ends in: ok
# Unprotected: seen
def priority(x):
    import gc
    gc.set_threshold(1)
    return 0
