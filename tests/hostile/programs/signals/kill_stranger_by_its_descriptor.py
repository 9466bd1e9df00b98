# Tries: to kill a process by a descriptor of it
# Ends in: runtime_error
# Unprotected: killed
def priority(x):
    import os, signal
    signal.pidfd_send_signal(os.pidfd_open(STRANGER), 9)
