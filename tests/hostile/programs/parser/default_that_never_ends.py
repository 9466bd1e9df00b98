# Tries: to run for ever while the module is loaded
# Ends in: timeout
def priority(x, y=sum(iter(int, 1))):
    return 0
