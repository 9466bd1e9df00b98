# Tries: to have another network
# Ends in: runtime_error
def priority(x):
    demand(LIBC.unshare(0x40000000))
