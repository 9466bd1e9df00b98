# Tries: to find the zygote's socket
# Ends in: runtime_error
def priority(x):
    import socket
    for number in range(1024):
        try:
            socket.socket(fileno=number).send(b"garbage")
            return 1
        except OSError:
            pass
    raise OSError("none")
