# Tries: to lay a link in /tmp for others to follow
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    if x[0] == 1:
        os.symlink("/etc/passwd", f"/tmp/{MARK}-link")
    return 1
