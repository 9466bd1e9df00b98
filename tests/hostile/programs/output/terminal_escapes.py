# Tries: to clear the screen, to rename the window and to press keys
# Ends in: ok
def priority(x):
    print("\x1b[2J\x1b]0;renamed\x07\x1b[6n\x1bP$q\x1b\\\x9b2J")
    return 0
