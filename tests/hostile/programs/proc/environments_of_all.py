# Tries: to read a key in the environment of any process
# Ends in: runtime_error
def priority(x):
    import os
    for name in os.listdir("/proc"):
        if name.isdigit():
            print(open(f"/proc/{name}/environ", "rb").read())
