# Tries: to fail while the module is loaded
# Ends in: runtime_error
def priority(x, y=1 / 0):
    return 0
