# Tries: to leave its session, so that it is not killed with it
# Ends in: runtime_error
def priority(x):
    import os
    os.setsid()
