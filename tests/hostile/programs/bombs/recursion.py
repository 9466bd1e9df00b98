# Tries: to recur without an end
# Ends in: runtime_error
def priority(x):
    return priority(x)
