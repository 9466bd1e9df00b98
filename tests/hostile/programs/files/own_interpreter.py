# Tries: to read the interpreter that runs it
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import sys
    return len(open(sys.executable, "rb").read(4))
