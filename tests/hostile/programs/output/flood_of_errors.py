# Tries: to write to standard error without an end
# Ends in: timeout
def priority(x):
    import os
    while True:
        os.write(2, b"x" * 10000)
