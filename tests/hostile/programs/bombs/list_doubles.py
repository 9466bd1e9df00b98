# Tries: to take all memory by a list that doubles
# Ends in: memory
def priority(x):
    y = [0]
    while True:
        y = y + y
