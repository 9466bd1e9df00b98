# Tries: to have an error with a very long message kept
# Ends in: runtime_error, memory
def priority(x):
    raise ValueError("x" * 10**8)
