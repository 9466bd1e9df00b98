import funsearch


@funsearch.run
def evaluate(x):
    return grow(x)


@funsearch.evolve
def \
        grow(
    x: "int",  # a comment with a colon: and a (
    /,
    key: dict[str, int] = {"a": 1},
    # another: one
    *rest: int,
    f=lambda z: z * 2,
    **more: "str",
) -> (lambda: 0): # the body follows
    # a comment before the first statement

    """The double."""
    return f(x)


AFTER = grow
