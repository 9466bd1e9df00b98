# Tries: to run for ever and to catch whatever should end it
# Ends in: timeout
def priority(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
