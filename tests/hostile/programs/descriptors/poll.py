# Tries: to wait for many descriptors
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import select
    select.epoll()
    return 1
