# Tries: to import a module that nothing has imported yet
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import importlib
    try:
        importlib.import_module("this")
    except ImportError as error:
        raise OSError("not found") from error
    return 1
