# Tries: to send with the first packet of a connection
# Ends in: runtime_error
# Unprotected: sent
def priority(x):
    import socket
    socket.socket().sendto(MARK.encode(), socket.MSG_FASTOPEN, ("127.0.0.1", TCP))
    return 1
