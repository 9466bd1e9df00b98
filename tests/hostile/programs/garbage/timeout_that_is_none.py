# Tries: to fail as if it had been out of time
# Ends in: runtime_error
def priority(x):
    raise TimeoutError("no end after 1 s")
