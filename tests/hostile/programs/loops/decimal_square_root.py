# Tries: to take for ever and all memory by a number of a hundred million digits
# Ends in: timeout, memory
def priority(x):
    import decimal
    decimal.getcontext().prec = 10**8
    return int(decimal.Decimal(2).sqrt())
