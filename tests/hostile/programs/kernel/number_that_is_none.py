# Tries: to make a system call that there is not
# Ends in: runtime_error
def priority(x):
    demand(syscall(100000, 100000))
