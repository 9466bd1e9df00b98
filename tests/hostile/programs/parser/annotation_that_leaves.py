# Tries: to leave while the module is loaded, by an annotation
# Ends in: runtime_error
def priority(x: exit(0)) -> exit(1):
    return 0
