# Tries: to print over what was printed before
# Ends in: ok
def priority(x):
    print("worse\rbetter\x0b\x0c\x08")
    return 0
