# Tries: to have two functions of the same name
# Ends in: syntax_error
def priority(x):
    return 0
def priority(x):
    return 1
