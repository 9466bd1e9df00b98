# Tries: to ask the terminal of whoever runs it
# Ends in: runtime_error
def priority(x):
    import os
    return os.get_terminal_size(1).columns
