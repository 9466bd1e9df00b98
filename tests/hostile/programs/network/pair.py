# Tries: to make a pair of sockets
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import socket
    socket.socketpair()
    return 1
