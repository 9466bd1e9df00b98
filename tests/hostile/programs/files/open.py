# Tries: to read a file
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    print(open(SECRET_FILE).read())
    return 1
