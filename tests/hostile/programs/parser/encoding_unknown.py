# Tries: to be read as coding: left-behind, which there is not
# Ends in: ok
def priority(x):
    return 0
