# Tries: to have a name that cannot be encoded
# Ends in: syntax_error
def priority(x):
    í²€ = 0
    return 0
