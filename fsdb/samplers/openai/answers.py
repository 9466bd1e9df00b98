"""Reading what a server answered, whose form nothing guarantees."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class MalformedAnswerError(Exception):
    """A server answered with what is not an answer of the protocol."""


@dataclass(frozen=True)
class Choice:
    """One text of an answer; `text` is None where the model gave none."""

    text: str | None
    finish_reason: str | None


@dataclass(frozen=True)
class Answer:
    """An answer to one request: its choices in order, and the request's tokens (None where not told)."""

    answer_id: str | None
    model: str | None
    choices: Sequence[Choice]
    tokens_in: int | None
    tokens_out: int | None


def read_answer(body: str) -> Answer:
    """Return the answer in a response's body; raises MalformedAnswerError where there is none."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedAnswerError(f"the answer is not JSON: {body[:80]!r}") from None
    if not isinstance(data, dict):
        raise MalformedAnswerError(f"the answer is not a JSON object: {body[:80]!r}")
    if data.get("object") == "response" or ("output" in data and "choices" not in data):
        return _read_response(data)
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices:
        error = data.get("error")
        if error:
            raise MalformedAnswerError(f"the answer holds an error: {_error_text(error)}")
        raise MalformedAnswerError("the answer holds no choices")
    usage = data.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Answer(
        answer_id=_text_or_none(data.get("id")),
        model=_text_or_none(data.get("model")),
        choices=[_choice(choice) for choice in sorted(choices, key=_index)],
        tokens_in=_count_or_none(usage.get("prompt_tokens")),
        tokens_out=_count_or_none(usage.get("completion_tokens")),
    )


def _read_response(data: dict[str, Any]) -> Answer:
    """Return the answer in an object of the Responses API: the texts of its messages, put together."""
    output = data.get("output")
    error = data.get("error")
    if not isinstance(output, list) or (error and not output):
        said = f"holds an error: {_error_text(error)}" if error else "holds no output"
        raise MalformedAnswerError(f"the answer {said}")
    messages = [item for item in output if isinstance(item, dict) and item.get("type") == "message"]
    texts = [_joined(message.get("content"), "output_text") for message in messages]
    details = data.get("incomplete_details")
    reason = _text_or_none(details.get("reason")) if isinstance(details, dict) else None
    usage = data.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    reason = "length" if reason == "max_output_tokens" else reason
    return Answer(
        answer_id=_text_or_none(data.get("id")),
        model=_text_or_none(data.get("model")),
        choices=[
            Choice(
                "".join(text for text in texts if text) or None, reason or _text_or_none(data.get("status"))
            )
        ],
        tokens_in=_count_or_none(usage.get("input_tokens")),
        tokens_out=_count_or_none(usage.get("output_tokens")),
    )


def _choice(choice: object) -> Choice:
    if not isinstance(choice, dict):
        return Choice(None, None)
    message = choice.get("message")
    text = message.get("content") if isinstance(message, dict) else choice.get("text")
    return Choice(_joined(text), _text_or_none(choice.get("finish_reason")))


def _joined(content: object, kind: str = "text") -> str | None:
    """Return a message's content; some servers give it in parts, of which some are thoughts."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict) and part.get("type") == kind]
        return "".join(part for part in parts if isinstance(part, str)) or None
    return content if isinstance(content, str) else None


def _index(choice: Any) -> int:
    index = choice.get("index") if isinstance(choice, dict) else None
    return index if isinstance(index, int) else 0


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _count_or_none(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _error_text(error: object) -> str:
    message = error.get("message") if isinstance(error, dict) else error
    return str(message)
