# Tries: to write to the terminal of whoever runs it
# Ends in: runtime_error
def priority(x):
    open("/dev/tty", "w").write("\x1b[2J")
