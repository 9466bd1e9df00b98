# Tries: to choose its processor
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.sched_setaffinity(0, os.sched_getaffinity(0))
    return 1
