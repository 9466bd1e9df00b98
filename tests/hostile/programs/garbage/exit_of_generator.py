# Tries: to end what runs it as if it were a generator
# Ends in: runtime_error
def priority(x):
    raise GeneratorExit
