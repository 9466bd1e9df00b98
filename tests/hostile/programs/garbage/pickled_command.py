# Tries: to have a command run by whoever unpickles the score
# Ends in: invalid_score
def priority(x):
    class Lie:
        def __reduce__(self):
            import os
            return os.system, (f"touch {NEW}",)
    return Lie()
