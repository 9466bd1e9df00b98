# Tries: to connect over several ways at once, by the protocol that security modules forget
# Ends in: runtime_error
def priority(x):
    import socket
    socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262).connect(("127.0.0.1", TCP))
