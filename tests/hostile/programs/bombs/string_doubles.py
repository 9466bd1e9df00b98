# Tries: to take all memory by a string that doubles
# Ends in: memory
def priority(x):
    y = "x"
    while True:
        y += y
