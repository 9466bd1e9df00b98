# Tries: to write to standard output without an end
# Ends in: timeout
def priority(x):
    import os
    while True:
        os.write(1, b"x" * 10000)
