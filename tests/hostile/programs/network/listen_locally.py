# Tries: to lay a socket in a directory for others to connect to
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import socket
    socket.socket(socket.AF_UNIX).bind(NEW)
    return 1
