# Tries: to start a thread
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import threading
    threading.Thread(target=len, args=("",)).start()
    return 1
