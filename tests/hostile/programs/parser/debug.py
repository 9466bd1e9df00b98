# Tries: to bind the one name that nobody may
# Ends in: syntax_error
def priority(x):
    __debug__ = 0
    return 0
