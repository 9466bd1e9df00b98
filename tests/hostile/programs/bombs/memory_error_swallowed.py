# Tries: to go on taking memory whenever there is none
# Ends in: timeout
def priority(x):
    y = []
    while True:
        try:
            while True:
                y.append(bytearray(10**6))
        except MemoryError:
            pass
