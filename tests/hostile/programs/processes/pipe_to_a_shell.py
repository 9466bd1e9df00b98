# Tries: to have a shell run a command and to read what it says
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import subprocess
    return len(subprocess.run(f"echo {MARK} | tee {NEW}", shell=True, capture_output=True, check=True).stdout)
