"""What a page is made of: sections that begin with a question and its answer, and blocks that bear it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fsdb.report.difference import Line


@dataclass(frozen=True)
class Chart:
    """A chart: its Vega-Lite specification, and a sentence on how to read it."""

    kind: ClassVar[str] = "chart"
    spec: dict[str, Any]
    caption: str


@dataclass(frozen=True)
class Table:
    """Rows under a heading; columns of numbers stand to the right. A folded one is opened by its heading."""

    kind: ClassVar[str] = "table"
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    numeric: frozenset[int] = frozenset()
    folded: bool = False


@dataclass(frozen=True)
class Source:
    """A program's text."""

    kind: ClassVar[str] = "source"
    title: str
    source: str


@dataclass(frozen=True)
class Step:
    """A step from one program to the next: what it came to, and what changed."""

    title: str
    facts: str
    lines: Sequence[Line]
    opened: bool = False


@dataclass(frozen=True)
class Steps:
    """Steps, in order; each can be opened."""

    kind: ClassVar[str] = "steps"
    steps: Sequence[Step]
    caption: str = ""


@dataclass(frozen=True)
class Figures:
    """A few numbers that stand out, each with what it is."""

    kind: ClassVar[str] = "figures"
    figures: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Note:
    """A sentence."""

    kind: ClassVar[str] = "note"
    text: str


Block = Chart | Table | Source | Steps | Figures | Note


@dataclass(frozen=True)
class Section:
    """A question, the sentences that answer it from the data, and what bears them out.

    `known` is whether the data could answer. `key` is unique on a page.
    """

    key: str
    title: str
    question: str
    answer: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    known: bool = True
