# Tries: to set a timer that outlives an input
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import signal
    signal.setitimer(signal.ITIMER_REAL, 1000)
    return 1
