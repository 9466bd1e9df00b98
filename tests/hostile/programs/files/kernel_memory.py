# Tries: to read the machine's memory
# Ends in: runtime_error
def priority(x):
    return len(open("/dev/mem", "rb").read(1))
