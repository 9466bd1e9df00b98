# Tries: to have text encoded its way
# Ends in: ok
# Unprotected: seen
def priority(x):
    import codecs
    codecs.register(lambda name: codecs.lookup("ascii") if name == "left_behind" else None)
    return 0
