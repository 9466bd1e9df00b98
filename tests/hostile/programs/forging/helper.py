# Tries: to change a function that the specification's score depends on
# Ends in: forged
def priority(x):
    globals()["bonus_of"] = lambda x: 1e6
    return 0.0
