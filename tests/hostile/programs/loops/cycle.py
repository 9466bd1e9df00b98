# Tries: to stay in C: an iterator without an end
# Ends in: timeout
def priority(x):
    import collections, itertools
    return len(collections.deque(itertools.cycle((0,)), maxlen=0))
