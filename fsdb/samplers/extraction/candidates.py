"""The functions that an answer may mean, the most likely first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fsdb.samplers.extraction.answer import between_fences, split_blocks
from fsdb.samplers.extraction.bodies import body_at_start, body_in_prose, body_of_block
from fsdb.samplers.extraction.pieces import Piece, defined_names, read_code
from fsdb.samplers.extraction.skeleton import Skeleton
from fsdb.samplers.extraction.source import FunctionText, Parser, returns_value

_BETTER = "improved|better|best|new|newer|next|enhanced|optimi[sz]ed|updated|refined|final|my"


@dataclass(frozen=True)
class Candidate:
    """A function that an answer may mean, and what stood beside it."""

    function: FunctionText
    beside: Sequence[Piece]


def candidates(text: str, skeleton: Skeleton, parser: Parser) -> Iterator[Candidate]:
    """Yield what a cleaned answer may mean, the most likely first.

    First a body that goes on where a completion prompt ended; then functions: of an answer that is code
    throughout, of fenced blocks, from outside of them, from code that holds fences itself; then bare bodies,
    which count only where no function bears the wanted name.
    """
    leading = body_at_start(text, skeleton, parser)
    if leading is not None:
        yield Candidate(leading, ())
    blocks, outside = split_blocks(text)
    named = any(_is_wanted(name, skeleton) for name in defined_names(text))
    is_code = parser.parse(text) is not None
    for codes in ([text] if is_code else [], blocks, [outside], [between_fences(text)], [text]):
        yield from _functions(codes, skeleton, parser, named_only=named)
    if named:
        return
    for block in reversed(blocks):
        body = body_of_block(block, skeleton, parser)
        if body is not None:
            yield Candidate(body, ())
    body = body_in_prose(outside, skeleton, parser)
    if body is not None:
        yield Candidate(body, ())


def _functions(
    codes: Sequence[str], skeleton: Skeleton, parser: Parser, *, named_only: bool
) -> Iterator[Candidate]:
    """Yield the functions that stand in some stretches of code, later ones first.

    Where one bears the wanted name, only those of the last such name count: an answer that repeats the
    earlier versions and breaks off in the last one does not mean an earlier one. Else names that hold the
    wanted one go before others, and the specification's own functions do not count.
    """
    read = [read_code(code, parser) for code in codes]
    pieces = [piece for code in read for piece in code.pieces]
    definitions = [name for code in read for name in code.definitions]
    last_named = next((name for name in reversed(definitions) if _is_wanted(name, skeleton)), None)
    functions = [
        piece.function
        for piece in reversed(pieces)
        if piece.function is not None
        and (returns_value(piece.function.node.body) or not skeleton.returns_value)
    ]
    if last_named is not None:
        functions = [function for function in functions if function.node.name == last_named]
    elif named_only:
        return
    else:
        functions = [function for function in functions if function.node.name not in skeleton.names]
        functions.sort(key=lambda function: skeleton.name not in function.node.name)
    for function in functions:
        yield Candidate(function, [piece for piece in pieces if piece.function is not function])


def _is_wanted(name: str, skeleton: Skeleton) -> bool:
    """Return whether a name is the evolved function's: bare, with a version, or called a better one."""
    wanted = re.escape(skeleton.name)
    forms = rf"{wanted}(?:_?v?_?\d+)?|(?:{_BETTER})_{wanted}|{wanted}_(?:{_BETTER})"
    return re.fullmatch(forms, name, re.IGNORECASE) is not None
