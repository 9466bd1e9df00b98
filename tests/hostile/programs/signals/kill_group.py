# Tries: to kill its process group
# Ends in: runtime_error
def priority(x):
    import os
    os.killpg(0, 9)
