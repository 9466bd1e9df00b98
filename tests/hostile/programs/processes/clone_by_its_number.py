# Tries: to make a process by clone
# Ends in: runtime_error
def priority(x):
    if demand(syscall(56, 220, 17, 0, 0, 0, 0)) == 0:
        LIBC._exit(0)
