# Tries: to make a timer
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(LIBC.timerfd_create(1, 0))
    return 1
