# Tries: to run for ever inside of a sort, in a method that C calls
# Ends in: timeout
def priority(x):
    class Trap:
        def __lt__(self, other):
            while True:
                pass
    return len(sorted([Trap(), Trap()]))
