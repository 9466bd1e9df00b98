# Tries: to have another root directory
# Ends in: runtime_error
def priority(x):
    import os
    os.chroot(WATCHED)
