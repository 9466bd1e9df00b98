# Tries: to share memory with the children that it does not get
# Ends in: ok
def priority(x):
    import mmap
    memory = mmap.mmap(-1, 4096)
    memory[:1] = b"x"
    return 0
