# Tries: to have text read from right to left, and names look like others
# Ends in: ok
def priority(x):
    print("\u202egnorw\u202c \u2066x\u2069 \u200b\u200d\ufeff\u2028\u2029\u0085")
    return 0
