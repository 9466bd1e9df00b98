# Tries: to read a key in the environment of another process
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    print(open(f"/proc/{STRANGER}/environ", "rb").read())
    return 1
