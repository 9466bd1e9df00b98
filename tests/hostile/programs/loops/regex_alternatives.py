# Tries: to stay in C: alternatives that overlap, with no match
# Ends in: timeout
def priority(x):
    import re
    return re.fullmatch("(?:x|xx|x.)*y", "x" * 90) is None
