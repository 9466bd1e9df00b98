# Tries: to have a float for a score that says something else each time
# Ends in: invalid_score
def priority(x):
    class Lie(float):
        def __float__(self):
            return 1e6
        __repr__ = __str__ = lambda self: "1e6"
    return Lie(0)
