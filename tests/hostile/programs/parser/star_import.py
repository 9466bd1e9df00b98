# Tries: to take all names of a module into a function
# Ends in: syntax_error
def priority(x):
    from os import *
    return 0
