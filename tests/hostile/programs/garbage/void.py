# Tries: to have raw bytes for a score
# Ends in: invalid_score
def priority(x):
    return np.void(b"12345678")
