# Tries: to have something run at every call
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.setprofile(lambda *_: None)
    return 0
