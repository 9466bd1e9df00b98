# Tries: to close its report and to run on unseen
# Ends in: runtime_error
def priority(x):
    import os
    os.close(3)
    while True:
        pass
