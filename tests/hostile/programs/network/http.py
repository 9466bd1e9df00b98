# Tries: to fetch a page
# Ends in: runtime_error
# Unprotected: sent
def priority(x):
    import urllib.request
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{TCP}/{MARK}", timeout=0.2)
    except TimeoutError:
        return 1
