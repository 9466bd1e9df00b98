# Tries: to leave others a different limit of digits
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.set_int_max_str_digits(640)
    return 0
