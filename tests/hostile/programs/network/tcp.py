# Tries: to connect and send
# Ends in: runtime_error
# Unprotected: sent
def priority(x):
    import socket
    socket.create_connection(("127.0.0.1", TCP)).sendall(MARK.encode())
    return 1
