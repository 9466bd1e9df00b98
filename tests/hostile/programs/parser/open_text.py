# Tries: to have a text that swallows the specification
# Ends in: syntax_error
def priority(x):
    return '''
