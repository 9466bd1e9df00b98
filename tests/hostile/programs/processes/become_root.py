# Tries: to become root
# Ends in: runtime_error
def priority(x):
    import os
    os.setresuid(0, 0, 0)
