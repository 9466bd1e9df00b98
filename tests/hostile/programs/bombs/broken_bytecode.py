# Tries: to crash the interpreter by bytecode that no compiler makes
# Ends in: runtime_error, timeout, invalid_score
def priority(x):
    def f():
        return 0
    f.__code__ = f.__code__.replace(co_code=bytes(range(0, 256, 2)) * 8, co_stacksize=1)
    return f()
