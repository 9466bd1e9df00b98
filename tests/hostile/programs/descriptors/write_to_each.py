# Tries: to write to a descriptor that was left open for it
# Ends in: runtime_error
def priority(x):
    import os
    found = 0
    for number in range(4, 1024):
        try:
            found += os.write(number, b"garbage\n" * 10)
        except OSError:
            pass
    if not found:
        raise OSError("none is open")
    return found
