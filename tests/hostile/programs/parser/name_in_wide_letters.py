# Tries: to have a function whose name is the right one only for Python
# Ends in: ok, syntax_error
def ｐｒｉｏｒｉｔｙ(x):
    return 0
