# Tries: to be nothing
# Ends in: syntax_error
