# Tries: to fail with text that cannot be encoded
# Ends in: runtime_error
def priority(x):
    print("\ud800")
    raise ValueError("\udfff")
