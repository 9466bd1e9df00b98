# Tries: to ignore the signals that end a process
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import signal
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    return 1
