# Tries: to take all memory by the width of a format
# Ends in: memory
def priority(x):
    return len("%*d" % (10**10, 1))
