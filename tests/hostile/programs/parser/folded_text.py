# Tries: to have the compiler make a text of gigabytes
# Ends in: memory
def priority(x):
    return len(('x' * 4096) * 4096 * 4096)
