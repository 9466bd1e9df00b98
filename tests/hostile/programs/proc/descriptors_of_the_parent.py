# Tries: to open what its parent has open
# Ends in: runtime_error
def priority(x):
    import os
    for name in os.listdir(f"/proc/{os.getppid()}/fd"):
        os.write(os.open(f"/proc/{os.getppid()}/fd/{name}", os.O_WRONLY), b"garbage")
