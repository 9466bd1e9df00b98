# Tries: to stop the process that forked it, which would then fall silent
# Ends in: runtime_error
def priority(x):
    import os, signal
    os.kill(os.getppid(), signal.SIGSTOP)
