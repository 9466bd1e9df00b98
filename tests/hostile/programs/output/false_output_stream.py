# Tries: to put another stream in place of its output
# Ends in: ok
def priority(x):
    import sys
    class Trap:
        def write(self, text):
            raise ValueError(text)
        flush = close = write
    sys.stdout = sys.stderr = Trap()
    return 0
