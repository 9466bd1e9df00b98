# Tries: to make a socket of the newer protocol
# Ends in: runtime_error
def priority(x):
    import socket
    socket.socket(socket.AF_INET6, socket.SOCK_STREAM).connect(("::1", TCP))
