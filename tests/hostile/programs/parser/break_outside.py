# Tries: to leave a loop that there is not
# Ends in: syntax_error
def priority(x):
    break
