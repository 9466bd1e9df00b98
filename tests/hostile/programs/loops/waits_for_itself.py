# Tries: to wait for a lock that it holds itself
# Ends in: timeout
def priority(x):
    import threading
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
