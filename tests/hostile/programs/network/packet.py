# Tries: to listen to the wire
# Ends in: runtime_error
def priority(x):
    import socket
    socket.socket(17, socket.SOCK_RAW, 3)
