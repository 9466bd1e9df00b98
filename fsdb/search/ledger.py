"""The ledger of a running search: its log and the projections of it, kept in step, commit by commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from fsdb import queries
from fsdb.log import LogWriter, read_files
from fsdb.search.prompts import RecentFailures
from fsdb.search.sources import Sources
from fsdb.state.keys import source_hash
from fsdb.state.projection import Projection

COUNTERS = ("draw_id", "batch_id", "completion_id", "program_id", "reset_id")
"""Numbers that the run counts up, each without a gap (batches may skip)."""


class Ledger:
    """Appends events, makes them durable, and only then folds them into the state that `con` finds."""

    def __init__(self, writer: LogWriter, projection: Projection, run_dir: Path) -> None:
        """Take over a writer and the state at the end of its log, which is below `run_dir`."""
        self.writer = writer
        self._sources = Sources(run_dir)
        self._programs: list[Mapping[str, Any]] = []
        self.projection = projection
        self.con: duckdb.DuckDBPyConnection = self.projection.con
        self.failures = RecentFailures(self.con)
        self._feedback: dict[str, str] = dict(
            self.con.execute("select source_hash, feedback from evaluators_said()").fetchall()
        )
        self.as_of = writer.next_seq - 1
        (counters,) = self.con.execute(queries.text("engine/counters.sql")).fetchall()
        self._next = dict(zip(COUNTERS, counters, strict=True))

    @classmethod
    def open(cls, writer: LogWriter, run_dir: Path) -> Ledger:
        """Return the ledger of the log that `writer` writes below `run_dir`."""
        return cls(writer, Projection.open([file.path for file in read_files(run_dir)]), run_dir)

    def take(self, counter: str) -> int:
        """Return the next number of one of COUNTERS and count it up."""
        number = self._next[counter]
        self._next[counter] += 1
        return int(number)

    def peek(self, counter: str) -> int:
        """Return the next number of one of COUNTERS."""
        return int(self._next[counter])

    def append(self, type: str, fields: Mapping[str, Any]) -> int:
        """Hand an event to the log; nothing may act on it before `commit`. Returns its seq."""
        seq = self.writer.append(type, fields)
        if type == "program_evaluated":
            self._programs.append(fields)
            if fields["feedback"] is not None:
                self._feedback.setdefault(fields["source_hash"], fields["feedback"])
            if fields["status"] == "ok":
                self._sources.remember(fields["program_id"], fields["source"])
        return seq

    @property
    def pending(self) -> int:
        """How many events wait for the next commit."""
        return self.writer.pending

    def commit(self) -> None:
        """Make what was appended durable, all of it or nothing, and fold it into the state."""
        committed = self.writer.commit()
        if committed is not None:
            self.projection.fold(committed)
            self.failures.fold(self._programs)
            self._programs.clear()
            self.as_of = self.writer.next_seq - 1

    def progress(self) -> dict[str, Any]:
        """Return the one row of the relation `progress` as a dictionary."""
        result = self.con.execute("from progress")
        names = [column[0] for column in result.description or ()]
        (row,) = result.fetchall()
        return dict(zip(names, row, strict=True))

    def has_parents(self) -> bool:
        """Return whether any island has a living program."""
        return bool(self.con.execute("from islands where programs > 0 limit 1").fetchall())

    def sources(self, program_ids: list[int]) -> dict[int, str]:
        """Return the sources of living programs by id."""
        return {program_id: row["source"] for program_id, row in self.shown(program_ids).items()}

    def shown(self, program_ids: list[int]) -> dict[int, dict[str, Any]]:
        """Return what prompts show of living programs, by id: as `parents` of queries/macros/prompts.sql."""
        rows = self.con.execute(
            "select program_id, seq, score, signature from population "
            "where program_id in (select unnest($ids::bigint[]))",
            {"ids": program_ids},
        ).fetchall()
        sources = self._sources.get({program_id: seq for program_id, seq, *_ in rows})
        return {
            program_id: {
                "program_id": program_id,
                "source": sources[program_id],
                "score": score,
                "scores": signature,
                "feedback": self._feedback.get(source_hash(sources[program_id])) if self._feedback else None,
            }
            for program_id, _, score, signature in rows
        }

    def close(self) -> None:
        """Let go of the log and of the state; what was not committed is dropped."""
        self.con.close()
        self.writer.close()
