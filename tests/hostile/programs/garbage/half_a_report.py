# Tries: to leave in the middle of a line of the report
# Ends in: invalid_score, runtime_error
def priority(x):
    import os
    os.write(3, b'{"status":"o')
    os._exit(0)
