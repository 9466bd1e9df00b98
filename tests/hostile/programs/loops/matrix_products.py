# Tries: to stay in numpy: matrix products without an end
# Ends in: timeout
def priority(x):
    a = np.ones((500, 500))
    while True:
        a = (a @ a) * 0
