# Tries: to take all memory by many arrays, each written to
# Ends in: memory
def priority(x):
    y = []
    while True:
        y.append(np.ones(2**17))
