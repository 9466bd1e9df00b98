from __future__ import annotations
import funsearch; import math
if True:
    LIMIT = (1 +
        2)


class Box(  object  ):
    x=1;y=2
    def grow(self):   return self.x
    @property
    def evolve( self ):
        return 'single', "double", r'''raw\d''', b"bytes", f"{self.x!r:>{LIMIT}}"


@funsearch.run
def evaluate(x):
    box=Box( )
    return grow(x)+0*box.y


TABLE = {1:2,
   3 : 4 }
@funsearch.evolve
def grow(x):
    def inner(y):
        """A text with the words of a decorator.

@funsearch.evolve
def grow(x):
    pass
"""
        return y
    return inner(x) * 2
lambda: 0
def after( a,b ) :return a
