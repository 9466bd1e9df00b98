# Tries: to fail with an error whose text is something else
# Ends in: runtime_error
def priority(x):
    class Trap(Exception):
        def __str__(self):
            return 7
    raise Trap
