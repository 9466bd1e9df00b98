# Tries: to leave a thread behind that changes the result later
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import _thread, time
    _thread.start_new_thread(time.sleep, (100,))
    return 1
