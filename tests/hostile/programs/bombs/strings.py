# Tries: to take all memory by many strings
# Ends in: memory
def priority(x):
    y = []
    while True:
        y.append("x" * 10**6 + str(len(y)))
