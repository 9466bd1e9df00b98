# Tries: to keep objects alive that are in nobody's reach
# Ends in: ok
# Unprotected: seen
def priority(x):
    import gc
    class Kept:
        def __del__(self):
            kept.append(self)
    kept = gc.callbacks
    Kept()
    return 0
