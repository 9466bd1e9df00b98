# Tries: to have a comment that looks like code
# Ends in: ok
def priority(x):
    return 0  # ‮)1 + 0( nruter‬
