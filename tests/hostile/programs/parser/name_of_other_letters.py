# Tries: to have a function that only looks as if it had the right name
# Ends in: syntax_error
def рriority(x):
    return 0
