# Tries: to have something run whenever memory is collected
# Ends in: ok
# Unprotected: seen
def priority(x):
    import gc
    gc.callbacks.append(lambda *_: print("collected"))
    gc.disable()
    return 0
