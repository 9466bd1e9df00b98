# a comment first
import funsearch  # and here


# above the decorator
@funsearch.evolve  # beside the decorator
# between decorator and function
def grow(x):  # beside the header

    # before the first statement
    y = x
# at column 0 inside the body
    return x + y \

    # after the last statement
        # and deeper

# the next section
@funsearch.run
def evaluate(x):
    return grow(x)
