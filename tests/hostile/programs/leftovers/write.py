# Tries: to change what is written
# Ends in: ok
# Unprotected: seen
def priority(x):
    import os
    real = os.write
    os.write = lambda number, data: real(number, data)
    return 0
