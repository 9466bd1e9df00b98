# Tries: to have a fraction for a score
# Ends in: invalid_score
def priority(x):
    import fractions
    return fractions.Fraction(1, 3)
