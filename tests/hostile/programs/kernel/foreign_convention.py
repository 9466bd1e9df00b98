# Tries: to make a system call by another convention, whose numbers a filter may not know
# Ends in: runtime_error
def priority(x):
    demand(syscall(0x40000000 | 39, 999))
