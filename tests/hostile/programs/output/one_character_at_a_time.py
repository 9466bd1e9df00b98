# Tries: to print much in very small pieces
# Ends in: ok, timeout
def priority(x):
    for _ in range(10000):
        print("x", end="")
    return 0
