# Tries: to refuse to leave: SystemExit caught in a loop
# Ends in: timeout
def priority(x):
    import sys
    while True:
        try:
            sys.exit()
        except SystemExit:
            continue
