# Tries: to take a terabyte at once
# Ends in: memory
def priority(x):
    return len(bytearray(10**12))
