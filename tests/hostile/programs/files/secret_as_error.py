# Tries: to carry a secret out as an error
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    raise ValueError(open(SECRET_FILE).read())
