# Tries: to exhaust the stack of whoever reads the report
# Ends in: invalid_score
def priority(x):
    import os
    os.write(3, b"[" * 10000 + b"\n" + b"{" * 5000 + b"\n")
    os._exit(0)
