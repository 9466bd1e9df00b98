# Tries: to make a socket of any family at all
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import socket
    for family in range(64):
        try:
            socket.socket(family, socket.SOCK_DGRAM)
            return 1
        except OSError:
            pass
    raise OSError("none")
