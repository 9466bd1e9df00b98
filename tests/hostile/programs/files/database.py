# Tries: to keep a database
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import sqlite3
    sqlite3.connect(NEW).execute("create table t (x)")
    return 1
