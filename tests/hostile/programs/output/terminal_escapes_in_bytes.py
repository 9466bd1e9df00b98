# Tries: to clear the screen by bytes that are not text
# Ends in: ok
def priority(x):
    import os
    os.write(1, b"\x1b[2J\xff\xfe\x00\xc3\x28\xed\xa0\x80\n")
    os.write(2, b"\x1b]0;renamed\x07")
    return 0
