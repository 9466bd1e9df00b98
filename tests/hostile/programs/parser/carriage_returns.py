# Tries: to have lines that only some readers see, hidden in a comment
# Ends in: ok
def priority(x):
    # nothing    return 0