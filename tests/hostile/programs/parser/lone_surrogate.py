# Tries: to have text that cannot be encoded
# Ends in: syntax_error
def priority(x):
    return len('í €')
