# Tries: to be steered by its parent
# Ends in: runtime_error
def priority(x):
    demand(LIBC.ptrace(0, 0, 0, 0))
