# Tries: to write a file
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    open(NEW, "w").write(MARK)
    return 1
