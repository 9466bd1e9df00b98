# Tries: to open what it has open a second time, with other rights
# Ends in: runtime_error
def priority(x):
    open("/proc/self/fd/3", "rb").read(1)
