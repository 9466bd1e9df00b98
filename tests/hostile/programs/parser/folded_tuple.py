# Tries: to have the compiler make a tuple of gigabytes
# Ends in: memory
def priority(x):
    return len(((0,) * 255) * 10**10)
