# Tries: to fail with something that is no error
# Ends in: runtime_error
def priority(x):
    class Trap(BaseException):
        pass
    raise Trap("not an Exception")
