# Tries: to decorate the specification's next function
# Ends in: syntax_error
def priority(x):
    return 0
@print
