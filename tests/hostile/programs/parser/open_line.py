# Tries: to have a line that swallows the specification's next
# Ends in: syntax_error, ok
def priority(x):
    return 0 + \
