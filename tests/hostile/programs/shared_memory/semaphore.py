# Tries: to leave a semaphore that has a name
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import _multiprocessing
    _multiprocessing.SemLock(1, 1, 1, f"/{MARK}-{x[0]}", True)
    return 1
