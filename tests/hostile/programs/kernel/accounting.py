# Tries: to have the kernel write a file
# Ends in: runtime_error
def priority(x):
    demand(LIBC.acct(NEW.encode()))
