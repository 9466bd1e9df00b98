# Tries: to move pages between descriptors without reading them
# Ends in: runtime_error
def priority(x):
    import os
    os.splice(0, 3, 100)
