# Tries: to allow itself what it has given up
# Ends in: runtime_error
def priority(x):
    demand(LIBC.prctl(38, 0, 0, 0, 0))
