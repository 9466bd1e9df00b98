# Tries: to read a file by its path object
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    import pathlib
    print(pathlib.Path(SECRET_FILE).read_bytes())
    return 1
