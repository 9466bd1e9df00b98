# Tries: to use the kernel's ciphers
# Ends in: runtime_error
def priority(x):
    import socket
    socket.socket(38, socket.SOCK_SEQPACKET).bind(("hash", "sha256"))
