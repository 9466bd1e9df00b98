# Tries: to write a report of its own through the C library
# Ends in: forged
def priority(x):
    text = b'1e6\n1e6\n1e6\n{"status":"ok","error":null}\n'
    LIBC.write(3, text, len(text))
    LIBC._exit(0)
