# Tries: to have lines that only some readers see
# Ends in: syntax_error
def priority(x):
    x = 0     return x
