"""Answers taken from the logs of other runs, in place of asking a model again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from fsdb import queries
from fsdb.errors import FsdbError
from fsdb.log import read_files
from fsdb.samplers.base import Attempt, Completion, Prompt, PromptText, Sampler
from fsdb.state import database


class RecordedAnswers:
    """A sampler that answers with what other runs' logs hold, and asks `sampler` for what they do not.

    An answer's address is the model, the sampling parameters, the hash of the prompt as sent, and the
    ordinal of the answer among all that the run asked for with that prompt. An attempt that failed is no
    answer. What is taken from a record names its run and event, and has no tokens and no cost: nothing was
    spent on it here.
    """

    def __init__(
        self, sampler: Sampler, records: Sequence[Path], own_log: Path | None, *, offline: bool
    ) -> None:
        """Read where the answers of `records` (run directories, the first one first) are, and no texts.

        `own_log` is the directory of a run that goes on, whose prompts so far count. With `offline` nothing
        is asked of `sampler`: FsdbError where a record ends.
        """
        self.name = sampler.name
        self.model = sampler.model
        self.concurrency = sampler.concurrency
        self.weights = sampler.weights
        self._sampler = sampler
        self._offline = offline
        self._con = duckdb.connect(":memory:")
        self._records = [_open(record) for record in records]
        for number, con in enumerate(self._records):
            found = con.sql(queries.text("engine/recorded.sql")).to_arrow_table()
            self._con.register("found", found)
            made = "create table recorded as" if number == 0 else "insert into recorded"
            self._con.execute(f"{made} select {number}::integer as record, * from found")
            self._con.unregister("found")
        self._con.execute("create table asked (draw_id bigint, prompt_hash varchar, completions bigint)")
        if own_log is not None:
            with _open(own_log) as con:
                drawn = con.sql(
                    "select draw_id, prompt_hash, completions from prompt_drawn where prompt_hash is not null"
                ).to_arrow_table()
            self._con.register("drawn", drawn)
            self._con.execute("insert into asked from drawn")
            self._con.unregister("drawn")

    def describe(self, prompt: Prompt) -> PromptText | None:
        """Return the identity of the text that would be sent, and count it as asked for."""
        text = self._sampler.describe(prompt)
        if text is not None:
            self._con.execute(
                "insert into asked values (?, ?, ?)",
                [prompt.draw_id, text.prompt_hash, len(prompt.ordinals)],
            )
        return text

    async def sample(self, prompt: Prompt) -> AsyncIterator[Completion | Attempt]:
        """Yield what is recorded, then what `sampler` answers to the rest.

        Raises FsdbError where the rest is not to be asked for.
        """
        recorded = self._look_up(prompt)
        for completion in recorded:
            yield completion
        found = {completion.ordinal for completion in recorded}
        missing = tuple(ordinal for ordinal in prompt.ordinals if ordinal not in found)
        if missing and self._offline:
            raise _ends_here(prompt, self._sampler, missing)
        if missing:
            async for arrival in self._sampler.sample(replace(prompt, ordinals=missing)):
                yield arrival

    @property
    def notice(self) -> Callable[[str], None]:
        """Who is told what whoever watches should know: as of the sampler."""
        return self._sampler.notice

    @notice.setter
    def notice(self, told: Callable[[str], None]) -> None:
        self._sampler.notice = told

    def most(self, completions: int) -> tuple[int, float]:
        """Return what a prompt may come to where the record does not hold it."""
        return (0, 0.0) if self._offline else self._sampler.most(completions)

    def late(self, draw_id: int) -> list[Completion | Attempt]:
        """Return what came of a prompt too late, as the sampler holds it."""
        return self._sampler.late(draw_id)

    def extract(self, text: str, prompt: Prompt | None = None) -> str | None:
        """Return the evolved function's text held in the text of an answer to a prompt, None without one."""
        return self._sampler.extract(text, prompt)

    def params(self) -> dict[str, object]:
        """Return the parameters of the sampler that is asked where the record ends."""
        return self._sampler.params()

    async def close(self) -> None:
        """Let go of the records and of the sampler's connections."""
        for con in (*self._records, self._con):
            con.close()
        await self._sampler.close()

    def _look_up(self, prompt: Prompt) -> list[Completion]:
        rows = self._con.execute(
            queries.text("engine/recorded_answers.sql"),
            {
                "draw_id": prompt.draw_id,
                "ordinals": list(prompt.ordinals),
                **self._sampling(prompt),
            },
        ).fetchall()
        return [
            Completion(
                **self._read(record, seq),
                ordinal=ordinal,
                model_asked=prompt.models[0],
                answered_run=run_id,
                answered_seq=seq,
            )
            for ordinal, record, run_id, seq in rows
        ]

    def _sampling(self, prompt: Prompt) -> dict[str, Any]:
        """Return the model that is drawn for a prompt, and how it is asked."""
        params: Any = self._sampler.params()
        drawn = next(each for each in params["models"] if each["name"] == prompt.models[0])
        limit = drawn["max_tokens"]
        if limit is None and drawn["endpoint"] == "completions":
            from fsdb.samplers.openai.requests import COMPLETION_TOKENS

            limit = COMPLETION_TOKENS
        return {name: drawn[name] for name in ("model", "temperature", "top_p")} | {"max_tokens": limit}

    def _read(self, record: int, seq: int) -> dict[str, Any]:
        """Return the fields that an answer keeps, read from its log; the log's statistics lead to it."""
        (row,) = (
            self._records[record]
            .execute(
                "select sampler, text, model, params, finish_reason from completion_received where seq = $s",
                {"s": seq},
            )
            .fetchall()
        )
        return dict(zip(("sampler", "text", "model", "params", "finish_reason"), row, strict=True))


def _open(run_dir: Path) -> duckdb.DuckDBPyConnection:
    return database.connect([file.path for file in read_files(run_dir)])


def _ends_here(prompt: Prompt, sampler: Sampler, missing: Sequence[int]) -> FsdbError:
    text = sampler.describe(prompt)
    wanted = json.dumps({"model": sampler.model, "prompt": text and text.prompt_hash}, sort_keys=True)
    return FsdbError(
        f"the record ends at draw {prompt.draw_id}: it holds no answer for {len(missing)} of the "
        f"{len(prompt.ordinals)} completions asked for ({wanted})",
        cure="leave --offline out to ask the model from here on (`fsdb resume`), or give a further record",
    )
