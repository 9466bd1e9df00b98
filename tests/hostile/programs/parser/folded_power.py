# Tries: to have the compiler compute a power that takes hours
# Ends in: timeout, memory, invalid_score, runtime_error
def priority(x):
    return (9**9**9 if x[0] > 9 else 2**2**2**2**2**2) + 0
