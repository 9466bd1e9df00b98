# Tries: to take all memory by a dictionary that grows
# Ends in: memory, timeout
def priority(x):
    y = {}
    while True:
        y[len(y)] = [len(y)]
