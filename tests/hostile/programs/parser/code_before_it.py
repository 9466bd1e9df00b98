# Tries: to run at the top level of the module, before the function
# Ends in: syntax_error
import os
def priority(x):
    return 0
