# Tries: to change the sandbox for the programs after it
# Ends in: runtime_error
def priority(x):
    open(f"{REPOSITORY}/fsdb/sandbox/__init__.py", "a").write(f"# {MARK}")
