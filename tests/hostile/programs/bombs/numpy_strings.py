# Tries: to take all memory by an array of very long strings
# Ends in: memory
def priority(x):
    return len(np.empty(10**4, dtype="U1000000"))
