# Tries: to write a module into the package
# Ends in: runtime_error
def priority(x):
    open(f"{REPOSITORY}/fsdb/{MARK}.py", "w").write(MARK)
