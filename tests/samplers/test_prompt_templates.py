"""Templates of the user's own, and what prompts show beside programs."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.samplers.base import Failure, Parent, Prompt
from fsdb.samplers.prompts import RenderedPrompt, Style, render
from fsdb.samplers.prompts.style import read_template
from fsdb.samplers.prompts.variables import VARIABLES
from tests.samplers.test_prompts import PROBLEM

PARENTS = (
    Parent(1, "def priority(el, n):\n    return 1.0\n", 3.0, (("6", 3.0), ("seven", 1 / 3)), "too\nslow"),
    Parent(2, "def priority(el, n):\n    return 2.0\n", 4.5),
)
FAILURES = (
    Failure("runtime_error", "ZeroDivisionError:\n  division by zero {{ task }}"),
    Failure("timeout", None),
    Failure("memory", "x" * 1000),
)
PROMPT = Prompt(0, "parents", 0, PARENTS, (0,), FAILURES)


def made(template: str | None = None, *, chat: bool = True, **style: object) -> RenderedPrompt:
    return render(PROBLEM, PROMPT, chat=chat, style=Style(template, "mine" if template else None, **style))


def test_a_chat_template_gives_its_blocks_as_messages() -> None:
    text = (
        "{% block system %}\nBe {{ function }}.\n{% endblock %}\n"
        "{% block user %}\n\n{{ next_name }}!\n{% endblock %}"
    )
    rendered = made(text)
    assert rendered.messages == (
        {"role": "system", "content": "Be priority."},
        {"role": "user", "content": "priority_v2!"},
    )
    assert rendered.template == f"mine@{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def test_a_template_without_blocks_is_a_message_or_a_text() -> None:
    text = "{% for version in versions %}\n{{ version.name }}={{ version.score | figure }}\n{% endfor %}\ngo:"
    assert made(text).messages == ({"role": "user", "content": "priority_v0=3\npriority_v1=4.5\ngo:"},)
    assert made(text, chat=False).sent == "priority_v0=3\npriority_v1=4.5\ngo:"


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{% if task %}", "wrong in line 1"),
        ("\n{{ tsak }}", "'tsak' is undefined"),
        ("{% block other %}{% endblock %}", "has the blocks other"),
        ("{% block system %}{% endblock %}", "has the blocks system"),
        ("{{ task.__class__.__mro__ }}", "cannot be filled in"),
        ("{{ 1 / 0 }}", "cannot be filled in"),
    ],
)
def test_a_template_that_cannot_be_is_an_error(template: str, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        made(template)


def test_what_is_shown_is_what_was_asked_for() -> None:
    plain = made().messages[1]["content"]
    for hidden in ("too\nslow", "On each test input", "failed lately"):
        assert (hidden in plain) is (hidden == "too\nslow")
    assert "too\nslow" not in made(feedback=False).messages[1]["content"]
    full = made(show_inputs=True, failures=3).messages[1]["content"]
    assert "## priority_v0, score 3\n\n```python\n" in full
    assert (
        "```\n\nOn each test input: 6: 3, seven: 0.333333.\n\nWhat its evaluation said:\n\n"
        "```text\ntoo\nslow\n```\n\n## priority_v1, score 4.5\n\n" in full
    )
    assert (
        "\n\n# What failed lately\n\n- runtime_error: ZeroDivisionError: division by zero {{ task }}\n"
        f"- timeout\n- memory: {'x' * 300} …\n\n# Request\n\n" in full
    )
    assert "- timeout" not in made(failures=1).messages[1]["content"]


def test_scores_can_be_hidden() -> None:
    content = made(show_scores=False, feedback=False).messages[1]["content"]
    assert "# Versions so far, the best last\n\n## priority_v0\n\n```python\n" in content
    assert "score 3" not in content


def test_a_style_comes_back_from_the_log() -> None:
    style = Style("{{ task }}", "mine", show_inputs=True, failures=4)
    assert Style.from_params({**style.params(), "of a later version": 1}) == style
    assert Style.from_params({}) == Style()
    with pytest.raises(UsageError, match="--show-failures is 11"):
        Style(failures=11)


def test_a_template_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "long").write_text("x" * 70_000)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("long", "binary", "absent"):
        with pytest.raises(UsageError, match=name):
            read_template(tmp_path / name)


def test_the_guide_lists_every_variable() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text()
    rows = "".join(f"| `{name}` | {text} |\n" for name, text in VARIABLES.items())
    assert rows in guide
    template = guide.partition("```jinja\n")[2].partition("```")[0]
    (message,) = made(template).messages
    assert message["content"].endswith(
        "Write priority_v2, which scores higher. Begin with def priority_v2"
        "(el: tuple[int, ...], n: int) -> float:"
    )
