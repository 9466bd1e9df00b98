# Tries: to hide a character without a width in a name
# Ends in: syntax_error
def priority(x):
    re﻿turn 0
