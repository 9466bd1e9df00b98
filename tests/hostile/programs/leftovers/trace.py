# Tries: to have something run at every line
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.settrace(lambda *_: None)
    return 0
