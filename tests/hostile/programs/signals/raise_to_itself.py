# Tries: to send itself a signal
# Ends in: runtime_error
def priority(x):
    import signal
    signal.raise_signal(signal.SIGTERM)
