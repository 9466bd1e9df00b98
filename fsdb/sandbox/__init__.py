"""Where programs run: each in a process of its own, forked from a prepared one and locked down.

A *zygote* (`zygote`) is a Python process without secrets that has imported what the specification needs.
One evaluation is one fork of it, the *child* (`child`), which locks itself down (`lockdown`: `rlimits`,
`landlock`, `seccomp`) before it compiles the program. The engine holds a zygote by its `supervisor`, and
`verdict` makes what a child reported into an outcome that may be believed. `levels` says what holds here.

Modules that a zygote loads import the standard library alone, so that little is in reach of a program.
"""
