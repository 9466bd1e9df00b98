# Tries: to do nothing for a long time
# Ends in: timeout
def priority(x):
    import time
    time.sleep(10**6)
