# Tries: to mount
# Ends in: runtime_error
def priority(x):
    demand(LIBC.mount(b"none", b"/", b"tmpfs", 0, None))
