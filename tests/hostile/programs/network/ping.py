# Tries: to send an echo request
# Ends in: runtime_error
def priority(x):
    import socket
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).sendto(b"x" * 8, ("127.0.0.1", 1))
