# Tries: to take a module away
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.modules.pop("textwrap", None)
    return 0
