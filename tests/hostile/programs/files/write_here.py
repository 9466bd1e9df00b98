# Tries: to write a file in the working directory
# Ends in: runtime_error
def priority(x):
    open(f"{MARK}-here", "w").write(MARK)
