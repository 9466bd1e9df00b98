# Tries: to send a datagram
# Ends in: runtime_error
# Unprotected: sent
def priority(x):
    import socket
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(MARK.encode(), ("127.0.0.1", UDP))
    return 1
