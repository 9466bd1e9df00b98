# Tries: to take all memory by exceptions that are each caused by the one before
# Ends in: memory, timeout
def priority(x):
    error = None
    while True:
        try:
            raise ValueError("x" * 10**5) from error
        except ValueError as caught:
            caught.more = [0] * 10**5
            error = caught
