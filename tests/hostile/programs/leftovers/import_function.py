# Tries: to change what import does
# Ends in: ok
# Unprotected: seen
def priority(x):
    __builtins__["__import__"] = lambda *_, **__: None
    return 0
