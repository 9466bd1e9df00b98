"""What a model can learn from a run: prompts, each with an answer that was better than what it showed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fsdb import queries
from fsdb.errors import UsageError
from fsdb.report.prompts import PromptMaker
from fsdb.report.runs import RunLog
from fsdb.samplers.prompts import COMPLETION, chat_answer

RECEIVED, PROGRAM = "received", "program"
"""The two answers to a prompt: the completion's text, or the program taken from it in the form asked for."""


@dataclass(frozen=True)
class Filter:
    """Which programs count: those that gained something, at least `min_gain`, over the best parent.

    `only_ok` leaves out duplicates and programs that came too late; `deduplicate` keeps the first program of
    each source, `best` that many with the highest scores.
    """

    min_gain: float = 0.0
    only_ok: bool = True
    deduplicate: bool = True
    best: int | None = None


def examples(
    log: RunLog, chosen: Filter, *, as_chat: bool = False, answer: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield examples in the chat format, `{"messages": [system, user, assistant]}`, oldest first.

    Prompts are made again from the log by the code that made them, and are the ones that were sent, which
    their hashes prove. With `as_chat` each is what a chat model would be sent for the same parents, whatever
    was sent. `answer` is RECEIVED or PROGRAM; left out, what was received as the answer to that prompt.
    Raises UsageError where a prompt cannot be made.
    """
    maker = PromptMaker(log)
    rows = log.rows(
        queries.text("report/training.sql"),
        {
            "min_gain": chosen.min_gain,
            "only_ok": chosen.only_ok,
            "deduplicate": chosen.deduplicate,
            "best": chosen.best,
        },
    )
    for row in rows:
        yield {"messages": _messages(maker, row, log.name, as_chat, answer)}


def _messages(
    maker: PromptMaker, row: dict[str, Any], run: str, as_chat: bool, answer: str | None
) -> list[dict[str, str]]:
    remade = maker.remake(row)
    sent = remade.sent and bool(remade.rendered.messages)
    if not sent and not as_chat:
        raise _refusal(row, run)
    rendered = remade.rendered if sent else maker.as_chat(remade.prompt)
    as_received = sent if answer is None else answer == RECEIVED
    text = row["text"] if as_received else chat_answer(maker.problem, remade.prompt, row["source"])
    return [*rendered.messages, {"role": "assistant", "content": text}]


def _refusal(row: dict[str, Any], run: str) -> UsageError:
    if row["template"] is None:
        cause = f"no text was sent for program {row['program_id']} of {run}: {row['sampler']} needs none"
    elif row["template"] == COMPLETION:
        cause = f"program {row['program_id']} of {run} answers a prompt of the form {COMPLETION}, no messages"
    else:
        cause = (
            f"the prompt of program {row['program_id']} of {run} comes out otherwise than it was sent, "
            "so another version of fsdb made it"
        )
    return UsageError(
        f"A prompt cannot be made again: {cause}.",
        cure="--as-chat writes, for each, the messages that a chat model would be sent for the same parents.",
    )
