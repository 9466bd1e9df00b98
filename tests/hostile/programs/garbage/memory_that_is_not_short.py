# Tries: to fail as if there were no memory
# Ends in: memory
def priority(x):
    raise MemoryError
