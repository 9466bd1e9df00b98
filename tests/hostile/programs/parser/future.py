# Tries: to change the language in the middle of a file
# Ends in: syntax_error
def priority(x):
    from __future__ import annotations
    return 0
