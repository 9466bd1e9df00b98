# Tries: to connect to a local socket with a path
# Ends in: runtime_error
# Unprotected: sent
def priority(x):
    import socket
    socket.socket(socket.AF_UNIX).connect(UNIX)
    return 1
