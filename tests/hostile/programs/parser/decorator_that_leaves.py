# Tries: to leave while the module is loaded
# Ends in: runtime_error
@exit
def priority(x):
    return 0
