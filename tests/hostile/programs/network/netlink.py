# Tries: to ask the kernel for its routes
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import socket
    socket.socket(16, socket.SOCK_RAW, 0).bind((0, 0))
    return 1
