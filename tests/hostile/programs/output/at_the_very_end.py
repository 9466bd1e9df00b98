# Tries: to print after its result, from a finalizer
# Ends in: ok
def priority(x):
    class Late:
        def __del__(self):
            print("\x1b[2J late")
    global late
    late = Late()
    return 0
