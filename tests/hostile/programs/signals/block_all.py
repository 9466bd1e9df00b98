# Tries: to hold back every signal
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import signal
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    return 1
