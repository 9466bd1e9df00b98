# Tries: to stay in C: a regular expression that takes exponential time
# Ends in: timeout
def priority(x):
    import re
    return re.match("(a+)+b", "a" * 60) is None
