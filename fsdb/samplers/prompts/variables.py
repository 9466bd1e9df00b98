"""What a template is given: the problem, the versions to show, what failed, and what is asked for."""

from __future__ import annotations

from typing import Any

from fsdb.problem.specification import Problem
from fsdb.samplers.base import Parent, Prompt
from fsdb.samplers.extraction.source import INDENT
from fsdb.samplers.prompts.skeleton import import_lines, text_above, text_with_gap
from fsdb.samplers.prompts.style import Style
from fsdb.samplers.prompts.versions import Version, versions_of

VARIABLES = {
    "task": "the specification's docstring",
    "function": "the evolved function's name",
    "program": "the specification with ... for the evolved function's body",
    "above": "the specification's lines above the evolved function",
    "imports": "the lines with which the specification imports, a list",
    "versions": (
        "the parents, the best last: a list of name, source, score (none where it is not shown), inputs "
        "(pairs of an input's name and the score on it) and feedback (a text, or none)"
    ),
    "show_scores": "whether scores are to be shown",
    "score_meaning": "what a score is, in words",
    "failures": "what failed last on the island, the newest first: a list of status and error",
    "answer": "what is asked for: whole, or changes to the version shown last",
    "next_name": "the name of the version asked for",
    "next_header": "its first line, def …",
    "next_function": "its header and docstring",
}
"""Each variable, and what it holds (docs/prompts.md)."""

MAX_ERROR_CHARACTERS = 300
MAX_FEEDBACK_CHARACTERS = 4000
"""So much of an error and of an evaluator's feedback is shown."""

_SCORES = {
    "mean": "the mean of its scores on the test inputs",
    "last": "its score on the last test input",
    "min": "its lowest score on the test inputs",
    "sum": "the sum of its scores on the test inputs",
}


def variables(problem: Problem, prompt: Prompt, style: Style) -> dict[str, Any]:
    """Return the values of VARIABLES for a prompt."""
    specification = problem.specification
    versions = versions_of(specification.evolve, prompt.parents)
    parents: tuple[Parent | None, ...] = prompt.parents or (None,)
    return {
        "task": specification.task.strip(),
        "function": specification.evolve.name,
        "program": text_with_gap(specification),
        "above": text_above(specification),
        "imports": import_lines(specification),
        "versions": [
            _shown(version, parent, style) for version, parent in zip(versions.shown, parents, strict=True)
        ],
        "show_scores": style.show_scores,
        "score_meaning": _SCORES[problem.reduce],
        "failures": [
            {"status": failure.status, "error": _one_line(failure.error)}
            for failure in prompt.failures[: style.failures]
        ],
        "answer": style.answer,
        "next_name": versions.next_name,
        "next_header": " ".join(versions.next_header.split()),
        "next_function": f"{versions.next_header}\n{INDENT}{versions.next_docstring}",
    }


def _shown(version: Version, parent: Parent | None, style: Style) -> dict[str, Any]:
    return {
        "name": version.name,
        "source": version.source.rstrip("\n"),
        "score": version.score if style.show_scores else None,
        "inputs": list(parent.inputs) if parent is not None and style.show_inputs else [],
        "feedback": _cut(parent.feedback) if parent is not None and style.feedback else None,
    }


def _cut(text: str | None) -> str | None:
    if text is None or len(text) <= MAX_FEEDBACK_CHARACTERS:
        return text or None
    return text[:MAX_FEEDBACK_CHARACTERS] + "\n… (cut)"


def _one_line(error: str | None) -> str | None:
    if not error:
        return None
    line = " ".join(error.split())
    return line if len(line) <= MAX_ERROR_CHARACTERS else line[:MAX_ERROR_CHARACTERS] + " …"
