# Tries: to leave a block of memory that others can open
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    from multiprocessing import shared_memory
    import _posixshmem, os
    os.close(_posixshmem.shm_open(f"/{MARK}-block", os.O_CREAT | os.O_RDWR, mode=0o666))
    return 1
