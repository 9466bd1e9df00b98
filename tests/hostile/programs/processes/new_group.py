# Tries: to join the process group of another
# Ends in: runtime_error
def priority(x):
    import os
    os.setpgid(0, os.getpgid(os.getppid()))
