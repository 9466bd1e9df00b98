# Tries: to change the environment
# Ends in: ok
# Unprotected: seen
def priority(x):
    import os
    os.environ["LEFT"] = "behind"
    return 0
