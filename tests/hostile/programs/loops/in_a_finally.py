# Tries: to run for ever on the way out of an exception
# Ends in: timeout
def priority(x):
    try:
        raise ValueError("on the way out")
    finally:
        while True:
            pass
