# Tries: to set the machine's clock
# Ends in: runtime_error
def priority(x):
    import time
    time.clock_settime(time.CLOCK_REALTIME, time.time())
