# Tries: to report without an end
# Ends in: timeout
def priority(x):
    import os
    while True:
        os.write(3, b"1.0\n" * 1000)
