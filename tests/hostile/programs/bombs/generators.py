# Tries: to take all memory by generators that are never finished
# Ends in: memory, timeout
def priority(x):
    def endless():
        while True:
            yield
    y = []
    while True:
        one = endless()
        next(one)
        y.append((one, [0] * 1000))
