import ast
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fsdb.problem.loading import read_text
from fsdb.problem.parsing import parse_specification
from fsdb.problem.specification import LINE_END
from tests.problem.conftest import SPECIFICATIONS

VALID = sorted(path.name for path in (SPECIFICATIONS / "valid").iterdir())


def specification(name):
    path = SPECIFICATIONS / "valid" / name
    return parse_specification(read_text(path, path.name), path.stem, path.name)


def replacement(evolve):
    """Another program of the same arguments, awkward in its own way."""
    parameters = ast.unparse(ast.parse(evolve.source).body[0].args)
    return (
        f"def {evolve.name}({parameters}):\n"
        '  """A different\n\n    program: ü\u2028."""\n\n'
        "  # of two-space indentation\n"
        "  return 40 + 2\n"
    )


@pytest.mark.parametrize("name", VALID)
class TestEveryValidFile:
    def test_text_is_the_file(self, name):
        data = (SPECIFICATIONS / "valid" / name).read_bytes()
        encoding = "latin-1" if name == "latin_1.py" else "utf-8"
        assert specification(name).text == data.decode(encoding).removeprefix("\ufeff")

    def test_rendering_the_seed_program_gives_the_file(self, name):
        it = specification(name)
        text, lines = it.render_with_lines(it.evolve.source)
        assert text == it.text
        assert_holds(text, lines, it.evolve.source)

    def test_rendering_changes_nothing_else(self, name):
        it = specification(name)
        source = replacement(it.evolve)
        text, lines = it.render_with_lines(source)
        assert text.startswith(it.text[: it.start])
        assert text.endswith(it.text[it.end :])
        assert_holds(text, lines, source)

    def test_a_rendered_file_is_a_specification_of_that_program(self, name):
        it = specification(name)
        source = replacement(it.evolve)
        again = parse_specification(it.render(source), it.name)
        assert again.evolve.source == source
        assert (again.evolve.name, again.run) == (it.evolve.name, it.run)
        if it.run != it.evolve.name:
            assert again.task == it.task
        assert again.render(it.evolve.source).replace("\r\n", "\n") == it.text.replace("\r\n", "\n")

    def test_it_runs_with_either_program(self, name, execute):
        it = specification(name)
        assert execute(it.text)[it.run](21) == 42
        rendered = execute(it.render(replacement(it.evolve)))
        expected = {"decorated.py": 84}.get(name, 42)  # its skeleton doubles the evolved function
        assert rendered[it.run](21) == expected
        if name not in ("evolve_and_run.py", "decorated.py"):
            assert rendered[it.evolve.name](21) == 42


def assert_holds(text, lines, source):
    """The numbered lines of `text`, and they only, hold `source`."""
    found = LINE_END.split(text)[lines.start - 1 : lines.stop - 1]
    assert found[-1:] == source.split("\n")[-2:-1]
    # What stands before `def` on its line (a form feed) is the skeleton's.
    assert found[0].lstrip("\x0c") == source.split("\n")[0]
    assert found[1:] == source.split("\n")[1:-1]


def test_lines_of_a_rendered_program_are_those_of_a_traceback(execute):
    it = specification("crlf.py")
    text, lines = it.render_with_lines("def grow(x):\n    y = x\n    return 1 / 0\n")
    with pytest.raises(ZeroDivisionError) as caught:
        execute(text)["evaluate"](1)
    assert caught.traceback[-1].lineno + 1 == lines[-1]
    assert re.search(r"return 1 / 0", LINE_END.split(text)[lines[-1] - 1])


def test_a_source_without_a_last_newline_is_rendered_the_same():
    it = specification("crlf.py")
    source = "def grow(x):\n    return 1"
    assert it.render(source) == it.render(source + "\n")


# Programs and skeletons put together from pieces that have broken such splicing before.
ends = st.sampled_from(["\n", "\r\n", "\r"])
indents = st.sampled_from([" ", "  ", "    ", "\t"])
above = st.lists(
    st.sampled_from(
        [
            "",
            "# a comment: ü",
            "\x0c",
            "X = 'a\u2028b'",
            "class A:\n    def f(self):\n        return 1",
            "@staticmethod\ndef other(a, b=(1,\n  2)): return a",
            "Y = '''\n@funsearch.evolve\ndef f(x): pass\n'''",
            "if True:\n  Z = 1 ;",
        ]
    ),
    max_size=4,
)
decorators = st.lists(
    st.sampled_from(["@funsearch.evolve", "@other  # d", "# between", ""]), min_size=1, max_size=3
).filter(lambda lines: lines.count("@funsearch.evolve") == 1)
bodies = st.lists(
    st.sampled_from(
        [
            "# a comment",
            "x = x + 1  # ü",
            "'''a text'''",
            '"""of two\nlines"""',
            "x = (x +\n1)",
            "x = x \\\n+ 1",
            "",
            "x = 1; y = 'ü'; x = y",
        ]
    ),
    max_size=5,
)
headers = st.sampled_from(
    ["def f(x):", "def f(x): # :", "def f(x, # type: int\n  y={1: 2}) -> 'a:b' :", "def f (\nx) :"]
)
tails = st.sampled_from(
    ["return x", "return x ;  # last", "return x \\\n", "return '''\n'''", "pass\n    # below"]
)


@st.composite
def functions(draw, name="f"):
    indent = draw(indents)
    body = [indent + line if line else line for line in [*draw(bodies), draw(tails)]]
    return "\n".join([draw(headers).replace("f", name, 1) if name != "f" else draw(headers), *body])


@st.composite
def files(draw):
    run = "@funsearch.run\ndef evaluate(x):\n    return f(x)"
    evolve = "\n".join([*draw(decorators), draw(functions())])
    parts = [*draw(above), *draw(st.permutations([run, evolve])), *draw(above)]
    text = "\n".join(parts) + draw(st.sampled_from(["", "\n", "\n\n"]))
    if text.endswith("\\\n"):
        text += "\n"  # Python wants a line after a backslash
    return text.replace("\n", draw(ends))


@settings(deadline=None)
@given(text=files(), source=functions())
def test_the_laws_of_rendering(text, source):
    it = parse_specification(text, "any")
    assert it.render(it.evolve.source) == text
    ast.parse(it.evolve.source)

    assume(it.end < len(text) or not source.endswith("\\\n"))  # the same want
    rendered, lines = it.render_with_lines(source + "\n")
    ast.parse(LINE_END.sub("\n", rendered))
    assert (
        rendered
        == text[: it.start] + rendered[it.start : len(rendered) - len(text) + it.end] + text[it.end :]
    )
    assert [line.lstrip("\x0c") for line in LINE_END.split(rendered)[lines.start - 1 : lines.stop - 1]] == [
        line.lstrip("\x0c") for line in source.split("\n")
    ]
    assert parse_specification(rendered, "any").evolve.source == source + "\n"
