# Tries: to run at the top level of the module, on the function's line
# Ends in: syntax_error
x = 0; def priority(x):
    return 0
