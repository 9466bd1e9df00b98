# Tries: to crash the parser while it runs
# Ends in: runtime_error, memory
def priority(x):
    return eval('(' * 10**6)
