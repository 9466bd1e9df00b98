from __future__ import annotations

import ast

import pytest

from fsdb.sandbox.ancestors import called_ancestor


def found(body: str, name: str = "priority") -> str | None:
    source = f"def {name}(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    return called_ancestor(ast.parse(source), name)


@pytest.mark.parametrize(
    "body",
    [
        "return priority_v0(x)",
        "f = priority_v0\nreturn f()",
        "return [g(x) for g in (priority_v0,)]",
        "return max(x, key=priority_v0)",
        "return module.priority_v0(x)",
        "return globals()['priority_v0'](x)",
        "return globals().get('priority_v0')(x)",
        "return getattr(module, 'priority_v0')(x)",
        "return eval('1 + priority_v0(x)')",
        "return (lambda y=priority_v0: y(x))()",
        "return priority(x) + priority_v0(x)",
        "global priority_v0\nreturn priority_v0(x)",
        "def inner():\n    return priority_v0(x)\nreturn inner()",
    ],
)
def test_is_found(body: str) -> None:
    assert found(body) == "priority_v0"


@pytest.mark.parametrize(
    "body",
    [
        "return priority(x)",
        "return priority_vector(x)",
        "return priority_v(x)",
        "return priority_v0x(x)",
        "return my_priority_v0(x)",
        "return priority_version0(x)",
        "return other_v0(x)",
        "'''Better than priority_v0 and priority_v1.'''\nreturn x",
        "'priority_v0'\nreturn x",
        "print('priority_v0 was worse')\nreturn x",
        "# priority_v0\nreturn x",
        "priority_v0 = x\nreturn priority_v0",
        "def priority_v0(y):\n    return y\nreturn priority_v0(x)",
        "for priority_v0 in x:\n    pass\nreturn priority_v0",
        "return (lambda priority_v0: priority_v0)(x)",
    ],
)
def test_is_not_found(body: str) -> None:
    assert found(body) is None


def test_a_name_with_special_characters_is_taken_literally() -> None:
    assert found("return größe_v1(x)", "größe") == "größe_v1"
    assert found("return größe_v1(x)", "gr_ße") is None


def test_later_versions_count_too() -> None:
    assert found("return priority_v12(x)") == "priority_v12"
