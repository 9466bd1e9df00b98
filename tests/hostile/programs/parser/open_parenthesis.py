# Tries: to have an expression that swallows the specification
# Ends in: syntax_error
def priority(x):
    return (
