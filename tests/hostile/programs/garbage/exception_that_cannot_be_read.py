# Tries: to fail with an error that fails itself
# Ends in: runtime_error
def priority(x):
    class Trap(Exception):
        def __str__(self):
            raise self
        __repr__ = __str__
    raise Trap
