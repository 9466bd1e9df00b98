# Tries: to fail with the sandbox's own error, and to say that the sandbox is at fault
# Ends in: runtime_error, invalid_score, syntax_error
def priority(x):
    import sys
    raise sys.modules["fsdb.sandbox.child"]._Rejected("sandbox_error", "no fault of mine")
