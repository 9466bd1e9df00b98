# Tries: to kill the process that forked it
# Ends in: runtime_error
def priority(x):
    import os
    os.kill(os.getppid(), 9)
