"""The prompt for chat models: the task, the program around the function, scored versions, and the rules."""

from __future__ import annotations

from collections.abc import Sequence

from fsdb.problem.specification import Problem
from fsdb.samplers.base import Parent
from fsdb.samplers.prompts.skeleton import import_lines, text_with_gap
from fsdb.samplers.prompts.versions import Version, Versions, as_version, versions_of

_SYSTEM = (
    "You improve one Python function in an evolutionary search for better programs."
    " You answer with one complete Python function in one code block, and with nothing else."
)

_SCORES = {
    "mean": "the mean of its scores on the test inputs",
    "last": "its score on the last test input",
    "min": "its lowest score on the test inputs",
    "sum": "the sum of its scores on the test inputs",
}


def chat_messages(problem: Problem, parents: Sequence[Parent]) -> list[dict[str, str]]:
    """Return the messages, system and user, that ask for the next version of the evolved function."""
    versions = versions_of(problem.specification.evolve, parents)
    sections = [
        _task(problem),
        _program(problem),
        _versions(problem, versions),
        _request(problem, versions),
    ]
    user = "\n\n".join(section for section in sections if section)
    return [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": user}]


def chat_answer(problem: Problem, parents: Sequence[Parent], source: str) -> str:
    """Return a program as the answer that `chat_messages` asks for: the next version, in a block of code."""
    number = len(versions_of(problem.specification.evolve, parents).shown)
    return _fenced(as_version(source, problem.specification.evolve, number))


def _task(problem: Problem) -> str:
    task = problem.specification.task.strip()
    return f"# Task\n\n{task}" if task else ""


def _program(problem: Problem) -> str:
    name = problem.specification.evolve.name
    return (
        f"# Program\n\nThis program runs `{name}`; nothing but the body of `{name}` may change.\n\n"
        + _fenced(text_with_gap(problem.specification))
    )


def _versions(problem: Problem, versions: Versions) -> str:
    score = f"A version's score is {_SCORES[problem.reduce]}; higher is better."
    shown = "\n\n".join(f"{_title(version)}\n\n{_fenced(version.source)}" for version in versions.shown)
    return f"# Versions so far, the best last\n\n{score}\n\n{shown}"


def _title(version: Version) -> str:
    score = "" if version.score is None else f", score {version.score:.6g}"
    return f"## {version.name}{score}"


def _request(problem: Problem, versions: Versions) -> str:
    imports = import_lines(problem.specification)
    allowed = "the standard library"
    if imports:
        allowed += " and what the program imports (" + ", ".join(f"`{line}`" for line in imports) + ")"
    return "\n".join(
        [
            "# Request",
            "",
            f"Write `{versions.next_name}`, a version that scores higher than every version above.",
            "",
            "- Answer with the complete function in one Python code block. No prose before or after it.",
            f"- Begin it with `{' '.join(versions.next_header.split())}`; the arguments stay as they are.",
            f"- Use only {allowed}.",
            "- Do not call an earlier version. The same arguments must give the same result.",
        ]
    )


def _fenced(code: str) -> str:
    """Return code in a fence that is longer than any in it."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}python\n{code.rstrip()}\n{fence}"
