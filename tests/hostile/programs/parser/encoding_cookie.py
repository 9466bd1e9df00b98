# Tries: to be read as coding: utf-7, in which other characters stand for these
# Ends in: ok
def priority(x):
    return 0  # +ACI-
