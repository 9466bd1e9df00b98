# Tries: to close its output
# Ends in: ok
def priority(x):
    import os, sys
    if x[0] == 1:
        sys.stdout.close()
        os.close(1)
        os.close(2)
    return 0
