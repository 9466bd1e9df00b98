# Tries: to have threads work for it
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import concurrent.futures.thread
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return sum(pool.map(len, ["", ""]))
