# Tries: to write a log
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import logging
    logging.FileHandler(NEW).emit(logging.makeLogRecord({"msg": MARK}))
    return 1
