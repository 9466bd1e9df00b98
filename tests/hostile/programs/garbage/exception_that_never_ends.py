# Tries: to fail with an error whose text takes for ever
# Ends in: timeout
def priority(x):
    class Trap(Exception):
        def __str__(self):
            while True:
                pass
    raise Trap
