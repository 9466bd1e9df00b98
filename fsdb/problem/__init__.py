"""What is searched: a specification, its test inputs, and what to compare the result with.

`specification` is the file with its evolved function, `parsing` reads one, `constants` reads the settings
written in it, `loading` makes a problem of a bundled name or a path, `reduction` makes one score of many.
Nothing here ever executes a specification.
"""
