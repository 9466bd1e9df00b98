"""What a specification holds and no program is to see: held-out inputs, and what is known of the answers."""

from __future__ import annotations

import ast
from dataclasses import replace

from fsdb.problem.parsing import offset, offset_in, parse_module
from fsdb.problem.specification import LINE_END, Specification

CONCEALED = ("BASELINES", "HELD_OUT")
"""The constants that are for fsdb alone."""


def conceal(specification: Specification) -> Specification:
    """Return the specification as it enters a sandbox: with the values of CONCEALED blanked.

    Every line and column stays what it is. A constant that the file itself reads is left to it.
    """
    text = LINE_END.sub("\n", specification.text)
    module = parse_module(text, specification.name)
    read = {node.id for node in ast.walk(module) if isinstance(node, ast.Name) and _is_read(node)}
    concealed = specification.text
    for statement in module.body:
        if _names(statement) and not _names(statement) & read:
            assert statement.end_lineno is not None
            assert statement.end_col_offset is not None
            span = (
                (statement.lineno, statement.col_offset),
                (statement.end_lineno, statement.end_col_offset),
            )
            start, end = (offset_in(specification.text, text, offset(text, *place)) for place in span)
            concealed = concealed[:start] + _blank(concealed[start:end]) + concealed[end:]
    return replace(specification, text=concealed)


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _names(statement: ast.stmt) -> set[str]:
    """Return those of CONCEALED that a statement assigns, none unless it assigns nothing else."""
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return set()
    names = {target.id if isinstance(target, ast.Name) else "" for target in targets}
    return names if names <= set(CONCEALED) else set()


def _blank(statement: str) -> str:
    """Return a statement that does nothing, of the same length and with the same line ends."""
    rest = "".join(character if character in "\r\n" else " " for character in statement[len("pass") :])
    return "pass" + rest
