# Tries: to write garbage to everything that is open, its report among it
# Ends in: invalid_score
def priority(x):
    import os
    for number in range(1024):
        try:
            os.write(number, bytes(range(256)))
        except OSError:
            pass
    return 1
