# Tries: to add to a file that is there
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    open(SECRET_FILE, "a").write(MARK)
    return 1
