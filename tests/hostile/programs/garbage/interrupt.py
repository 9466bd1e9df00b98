# Tries: to look like Ctrl-C
# Ends in: runtime_error
def priority(x):
    raise KeyboardInterrupt
