# Tries: to read a file by the module that shows source lines
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    import linecache
    print(linecache.getlines(SECRET_FILE)[0])
    return 1
