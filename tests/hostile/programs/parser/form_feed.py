# Tries: to have indentation that only some readers see
# Ends in: ok, syntax_error
def priority(x):
    return 0
