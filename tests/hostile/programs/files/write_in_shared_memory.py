# Tries: to write a file in /dev/shm
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    open(f"/dev/shm/{MARK}-new", "w").write(MARK)
    return 1
