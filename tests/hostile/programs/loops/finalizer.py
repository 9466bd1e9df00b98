# Tries: to run for ever in a finalizer, where exceptions are swallowed
# Ends in: timeout
def priority(x):
    class Trap:
        def __del__(self):
            while True:
                pass
    Trap()
    return 0
