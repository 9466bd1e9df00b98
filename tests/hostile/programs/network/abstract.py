# Tries: to connect to a local socket without a path
# Ends in: runtime_error
# Unprotected: sent
def priority(x):
    import socket
    socket.socket(socket.AF_UNIX).connect("\0" + ABSTRACT)
    return 1
