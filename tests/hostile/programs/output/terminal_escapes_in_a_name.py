# Tries: to clear the screen by the name of an error
# Ends in: runtime_error
def priority(x):
    raise type("\x1b[2J", (Exception,), {})("\x1b[31m")
