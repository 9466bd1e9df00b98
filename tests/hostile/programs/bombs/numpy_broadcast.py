# Tries: to make a small array into one of terabytes
# Ends in: memory
def priority(x):
    return np.broadcast_to(np.ones(1), (10**6, 10**6)).copy().sum()
