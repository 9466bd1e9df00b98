# Tries: to have the machine swap to a file of its own
# Ends in: runtime_error
def priority(x):
    demand(LIBC.swapon(SECRET_FILE.encode(), 0))
