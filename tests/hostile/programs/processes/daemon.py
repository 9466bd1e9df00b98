# Tries: to leave a process behind, in a session of its own
# Ends in: runtime_error
# Unprotected: left
def priority(x):
    import os, time
    if x[0] == 1 and os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 100)
            time.sleep(100)
        os._exit(0)
    return 1
