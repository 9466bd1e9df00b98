# Tries: to clear the screen by an error
# Ends in: runtime_error
def priority(x):
    raise ValueError("\x1b[2J\x1b]52;c;aWQK\x07\x9b2J\r\b\b\x7f")
