# Tries: to have an error as long as the memory by the name of the score's type
# Ends in: invalid_score, memory
def priority(x):
    return type("x" * 10**6, (), {})()
