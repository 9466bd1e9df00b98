# Tries: to enter the world of another process
# Ends in: runtime_error
def priority(x):
    demand(LIBC.setns(demand(syscall(434, 434, STRANGER, 0)), 0x20000000))
