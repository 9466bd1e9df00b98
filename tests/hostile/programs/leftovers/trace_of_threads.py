# Tries: to have something run at every line of threads to come
# Ends in: ok
# Unprotected: seen
def priority(x):
    import threading
    threading.settrace(lambda *_: None)
    return 0
