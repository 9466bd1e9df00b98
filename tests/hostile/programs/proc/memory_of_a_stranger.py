# Tries: to read the memory of another process
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    with open(f"/proc/{STRANGER}/maps") as maps:
        start = int(maps.readline().partition("-")[0], 16)
    with open(f"/proc/{STRANGER}/mem", "rb", buffering=0) as memory:
        memory.seek(start)
        return len(memory.read(4))
