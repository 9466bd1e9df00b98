# Tries: to have another process work for it
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import multiprocessing.popen_fork, pathlib
    other = multiprocessing.get_context("fork").Process(target=pathlib.Path(NEW).touch)
    other.start()
    other.join()
    return 1
