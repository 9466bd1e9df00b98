# Tries: to take all memory by a list that grows while it is read
# Ends in: memory
def priority(x):
    y = [0]
    for _ in y:
        y.extend(y[:10**5])
    return len(y)
