# Tries: to have a traceback show a line of a file
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    import traceback
    try:
        exec(compile("1 / 0", SECRET_FILE, "exec"))
    except ZeroDivisionError:
        traceback.print_exc()
    print(open(SECRET_FILE, "rb").closed)
    return 1
