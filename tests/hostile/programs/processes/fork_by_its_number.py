# Tries: to fork by the bare system call
# Ends in: runtime_error
def priority(x):
    if demand(syscall(57, 1079, 0)) == 0:
        LIBC._exit(0)
