# Tries: to wait for somebody to connect
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import socket
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    return 1
