# Tries: to rename the machine
# Ends in: runtime_error
def priority(x):
    import socket
    socket.sethostname(MARK)
