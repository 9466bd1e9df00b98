# Tries: to write a file in /tmp
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    open(f"/tmp/{MARK}-new", "w").write(MARK)
    return 1
