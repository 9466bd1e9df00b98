# Tries: to hang a note on a file
# Ends in: runtime_error
def priority(x):
    import os
    os.setxattr(SECRET_FILE, "user.note", MARK.encode())
