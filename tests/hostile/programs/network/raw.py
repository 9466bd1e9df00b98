# Tries: to make packets of its own
# Ends in: runtime_error
def priority(x):
    import socket
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
