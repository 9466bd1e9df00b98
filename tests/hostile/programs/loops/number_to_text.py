# Tries: to take quadratic time by writing a number with many digits
# Ends in: timeout
def priority(x):
    import sys
    sys.set_int_max_str_digits(0)
    return len(str((1 << 2 * 10**7) - 1))
