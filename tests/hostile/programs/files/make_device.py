# Tries: to make a device
# Ends in: runtime_error
def priority(x):
    import os, stat
    os.mknod(NEW, stat.S_IFCHR | 0o666, os.makedev(1, 3))
