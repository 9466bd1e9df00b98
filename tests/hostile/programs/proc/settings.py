# Tries: to read the kernel's settings
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    return len(open("/proc/sys/kernel/hostname").read())
