# Tries: to write to its memory past all protection
# Ends in: runtime_error
def priority(x):
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(id(x))
        memory.write(b"\0" * 16)
