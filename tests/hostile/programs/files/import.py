# Tries: to import a file as a module
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    import importlib.util
    found = importlib.util.spec_from_file_location("planted", PLANTED_MODULE)
    found.loader.exec_module(importlib.util.module_from_spec(found))
    return 1
