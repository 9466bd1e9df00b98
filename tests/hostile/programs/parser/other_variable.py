# Tries: to bind a variable of an outer function that there is not
# Ends in: syntax_error
def priority(x):
    nonlocal x
    return 0
