# Tries: to be told what happens to files
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(LIBC.inotify_init1(0))
    return 1
