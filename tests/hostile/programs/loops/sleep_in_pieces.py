# Tries: to do nothing for a long time, with no processor time used
# Ends in: timeout
def priority(x):
    import time
    while True:
        time.sleep(0.01)
