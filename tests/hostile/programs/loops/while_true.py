# Tries: to run for ever
# Ends in: timeout
def priority(x):
    while True:
        pass
