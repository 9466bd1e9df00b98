# Tries: to be a class
# Ends in: syntax_error
class priority:
    pass
