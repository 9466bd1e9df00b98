# Tries: to stay in C: one sum of very many numbers
# Ends in: timeout
def priority(x):
    return sum(range(10**18))
