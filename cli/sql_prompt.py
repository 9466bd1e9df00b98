"""The prompt of `fsdb sql`: one query after the other, with completion, colours and a history."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import Output
from pygments.lexers.sql import SqlLexer

from fsdb.cli.printing import count, safe, safe_lines
from fsdb.cli.sql import print_answer
from fsdb.cli.tables import FORMATS
from fsdb.errors import FsdbError, UsageError
from fsdb.report.locked import labels
from fsdb.report.sql import ask

ROWS = 100
"""Rows of an answer that are shown unless --limit or .limit says otherwise."""

_FORMS = tuple(form for form in FORMATS if form != "parquet")

_HELP = f"""\
Enter runs a query, Alt-Enter begins a new line, Tab completes, Ctrl-R searches what you asked before.
show tables lists what there is, describe programs its columns. Each query sees what the run has done by then.

.format {"|".join(_FORMS)}  how answers are printed
.limit ROWS                how many rows of them at most
.quit                      ends it, as does Ctrl-D"""

_KEYWORDS = (
    "select from where group by order by having limit distinct with as and or not in is null between like "
    "ilike case when then else end join left inner cross on using union all except intersect asc desc over "
    "partition by qualify describe summarize show tables explain pivot unpivot values exclude replace filter"
)

_WORD = re.compile(r"[A-Za-z_]\w*")

_CATALOGUE = """\
select
    table_name as name,
    table_name as of_table,
    'table' as kind
from information_schema.tables
where table_schema = 'main'
union
select
    column_name,
    table_name,
    'column'
from information_schema.columns
where table_schema = 'main'
union
select
    function_name,
    function_name,
    function_type
from duckdb_functions()
where regexp_matches(function_name, '^[a-z]\\w*$')
order by all
"""


class Prompt:
    """Asks for queries on the terminal, and prints the answers, until the user has had enough."""

    def __init__(
        self,
        run_dirs: list[Path],
        form: str = "table",
        limit: int | None = None,
        *,
        source: Input | None = None,
        screen: Output | None = None,
    ) -> None:
        """Over the logs of runs; `source` and `screen` stand for the terminal in tests."""
        self._run_dirs = run_dirs
        self._form = form
        self._limit = ROWS if limit is None else limit
        self._session: PromptSession[str] = PromptSession(
            FormattedText([("bold", self._name()), ("", "> ")]),
            multiline=True,
            prompt_continuation=lambda width, number, wrapped: ".".rjust(width - 1) + " ",
            lexer=PygmentsLexer(SqlLexer),
            completer=_Names(run_dirs),
            complete_while_typing=False,
            history=_history(),
            enable_history_search=True,
            key_bindings=_keys(),
            input=source,
            output=screen,
        )

    def run(self) -> None:
        """Ask until Ctrl-D or .quit."""
        click.echo(f"{self._name()}: a query ends with Enter; .help tells more, .quit ends.")
        while True:
            try:
                text = self._session.prompt().strip().rstrip(";").strip()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if text in (".quit", ".exit", "quit", "exit"):
                return
            try:
                self._answer(text)
            except FsdbError as error:
                click.secho("Error: ", fg="red", bold=True, nl=False)
                click.echo(safe_lines(error.message))
                if error.cure:
                    click.echo(f"  {safe_lines(error.cure)}")
            except KeyboardInterrupt:
                click.echo("Interrupted.")

    def _answer(self, text: str) -> None:
        if not text:
            return
        if text.startswith("."):
            self._set(text[1:].split())
            return
        began = time.monotonic()
        answer = ask(self._run_dirs, text, limit=self._limit + 1)
        seconds = time.monotonic() - began
        more = len(answer.rows) > self._limit
        del answer.rows[self._limit :]
        print_answer(answer, self._form)
        told = count(len(answer.rows), "row") + (" of more; .limit ROWS shows them" if more else "")
        if not answer.is_plan:
            click.secho(f"{told} ({seconds:.2f} s)", dim=True)

    def _set(self, words: list[str]) -> None:
        if words == ["help"]:
            click.echo(_HELP)
        elif len(words) == 2 and words[0] == "format" and words[1] in _FORMS:
            self._form = words[1]
        elif len(words) == 2 and words[0] == "limit" and words[1].isascii() and words[1].isdigit():
            self._limit = int(words[1])
        else:
            raise UsageError(
                f"There is no command .{' '.join(words)}.", cure=".help lists those that there are."
            )

    def _name(self) -> str:
        names = labels(self._run_dirs)
        return safe(names[0]) if len(names) == 1 else f"{len(names)} runs"


class _Names(Completer):
    """Completes tables, columns, functions and keywords; asks the log what there is when first needed."""

    def __init__(self, run_dirs: list[Path]) -> None:
        self._run_dirs = run_dirs
        self._known: dict[str, str] | None = None

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        word = document.get_word_before_cursor(pattern=_WORD)
        if not word:
            return
        for name, kind in self._names().items():
            if name.startswith(word.lower()) and name != word:
                yield Completion(name, start_position=-len(word), display_meta=kind)

    def _names(self) -> dict[str, str]:
        """Return what each name is, tables first, then columns, then all else."""
        if self._known is None:
            try:
                rows = ask(self._run_dirs, _CATALOGUE).rows
            except FsdbError:  # a query will tell
                return {}
            order = {"table": 0, "column": 1, "table_macro": 2, "macro": 3}
            rows.sort(key=lambda row: (order.get(row[2], 4), row[0]))
            known: dict[str, str] = {}
            for name, table, kind in rows:
                what = f"column of {safe(table)}" if kind == "column" else kind.replace("_", " ")
                known.setdefault(safe(name), what)
            self._known = {**known, **dict.fromkeys(_KEYWORDS.split(), "")}
        return self._known


def _keys() -> KeyBindings:
    """Return what keys do: Enter runs the query, Alt-Enter begins a new line."""
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys


def _history() -> History:
    """Return the queries of before, from the user's state directory, else of this prompt alone."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    path = Path(state) / "fsdb" / "sql_history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)
