# Tries: to reach what is near
# Ends in: runtime_error
def priority(x):
    import socket
    socket.socket(31, socket.SOCK_RAW, 1)
