"""Prompts made again from a run's log, by the code that made them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from fsdb import queries
from fsdb.errors import FsdbError, UsageError
from fsdb.problem.loading import problem_from_event
from fsdb.report.runs import RunLog
from fsdb.samplers.base import Prompt
from fsdb.samplers.prompts import COMPLETION, RenderedPrompt, Style, render
from fsdb.samplers.prompts.shown import failures_from, parents_from
from fsdb.state.draws import draw_batch
from fsdb.state.policies import install_selection, policy_from_event


@dataclass(frozen=True)
class Remade:
    """A prompt made again. `sent` is whether the log's hash proves that it was sent so."""

    prompt: Prompt
    rendered: RenderedPrompt
    sent: bool


class PromptMaker:
    """Makes a run's prompts again, in the style that its log tells."""

    def __init__(self, log: RunLog) -> None:
        """Read from a log what its prompts have in common."""
        self._log = log
        self._started = log.started()
        self.problem = problem_from_event(self._started)
        params = json.loads(self._started["sampler_params"] or "{}")
        self._style = Style.from_params(params.get("prompt") or {})

    def remake(self, row: Mapping[str, Any]) -> Remade:
        """Return the prompt of a draw from a row of queries/report/prompt.sql.

        One that the log does not prove is as a chat would be sent it.
        """
        prompt = self._prompt(row["draw_id"], row["parents"], row["failures"])
        completion_first = row["template"] == COMPLETION
        chats = (True,) if self.problem.specification.blocks else (True, False)
        forms = [render(self.problem, prompt, chat=chat, style=self._style) for chat in chats]
        for rendered in reversed(forms) if completion_first else forms:
            if (rendered.template, rendered.prompt_hash) == (row["template"], row["prompt_hash"]):
                return Remade(prompt, rendered, sent=True)
        return Remade(prompt, forms[0], sent=False)

    def as_chat(self, prompt: Prompt) -> RenderedPrompt:
        """Return a prompt as a chat would be sent it."""
        return render(self.problem, prompt, style=self._style)

    def of_draw(self, draw_id: int) -> tuple[Remade, str | None]:
        """Return the prompt of a logged draw, and its template (None where no text was made).

        Raises UsageError where there is no such draw, FsdbError where the prompt comes out otherwise than it
        was sent.
        """
        rows = self._log.rows(queries.text("report/prompt.sql"), {"draw": draw_id})
        if not rows:
            (last,) = self._log.rows("select max(draw_id) as draw from prompt_drawn")
            there = "none" if last["draw"] is None else f"0 to {last['draw']}"
            raise UsageError(
                f"There is no draw {draw_id} in {self._log.name}: it has {there}.",
                cure="Left out, it is the draw that would come next.",
            )
        remade = self.remake(rows[0])
        if rows[0]["template"] is not None and not remade.sent:
            raise FsdbError(
                f"the prompt of draw {draw_id} comes out otherwise than it was sent",
                cure="another version of fsdb made it; `fsdb verify` checks the log itself",
            )
        return remade, rows[0]["template"]

    def next(self) -> Remade:
        """Return the prompt that a draw from the present state would send; UsageError where nothing lives."""
        (last,) = self._log.rows("select coalesce(max(draw_id) + 1, 0) as draw from prompt_drawn")
        policy, seed = policy_from_event(self._started, "policy"), self._started["seed"]

        def drawn(con: duckdb.DuckDBPyConnection) -> tuple[int, list[int]]:
            if not con.execute("from islands where programs > 0 limit 1").fetchall():
                raise UsageError(
                    f"No program lives on any island of {self._log.name}.", cure="fsdb status tells why."
                )
            install_selection(con, policy)
            (draw,) = draw_batch(con, policy, seed, [last["draw"]])
            return draw.island_id, [parent.program_id for parent in draw.parents]

        island_id, programs = self._log.read(drawn)
        rows = self._log.rows(queries.text("report/prompt_parents.sql"), {"programs": programs})
        by_id = {row["program_id"]: row for row in rows}
        failures = self._log.rows(
            "select status, error from recent_failures where island_id = $island order by seq desc",
            {"island": island_id},
        )
        prompt = self._prompt(last["draw"], [by_id[program] for program in programs], failures)
        chat = "completions" not in str(self._started["sampler_params"])
        return Remade(prompt, render(self.problem, prompt, chat=chat, style=self._style), sent=False)

    def _prompt(
        self, draw_id: int, parents: Sequence[Mapping[str, Any]], failures: Sequence[Mapping[str, Any]]
    ) -> Prompt:
        return Prompt(
            draw_id,
            "parents",
            self._started["seed"],
            parents_from(parents, list(self.problem.inputs)),
            (0,),
            failures_from(failures),
        )
