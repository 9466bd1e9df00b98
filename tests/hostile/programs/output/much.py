# Tries: to print more than anybody wants to keep
# Ends in: ok
def priority(x):
    print("x" * 10**6)
    return 0
