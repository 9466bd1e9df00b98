# Tries: to have modules found elsewhere
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.path.insert(0, WATCHED)
    sys.meta_path.insert(0, None)
    return 0
