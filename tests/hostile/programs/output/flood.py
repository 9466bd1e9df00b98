# Tries: to print without an end
# Ends in: timeout
def priority(x):
    while True:
        print("x" * 10000)
