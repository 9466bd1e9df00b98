# Tries: to stay in C: one power that takes hours
# Ends in: timeout
def priority(x):
    return 10 ** 10**8 % 7
