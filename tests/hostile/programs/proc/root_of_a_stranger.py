# Tries: to read a file by way of another process's root directory
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    print(open(f"/proc/{STRANGER}/root{SECRET_FILE}").read())
    return 1
