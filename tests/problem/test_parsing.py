import re

import pytest

from fsdb.errors import UsageError
from fsdb.problem.loading import read_text
from fsdb.problem.parsing import parse_specification, program_text
from fsdb.problem.specification import Argument
from tests.problem.conftest import SPECIFICATIONS

# Each file that is off, what the error says, and a word of the cure.
INVALID = {
    "async_evolve.py": ("line 10: `grow`, marked with `@funsearch.evolve`, is async.", "plain `def`"),
    "called_decorator.py": (
        "line 10: `grow`.* has a decorator with parentheses",
        "Write `@funsearch.evolve`",
    ),
    "class_marked.py": ("line 10: `Grow`.* is a class", "Mark a function"),
    "empty.py": ("no function is marked with `@funsearch.run`", "Write `@funsearch.evolve` above"),
    "evolve_twice_on_one.py": ("`@funsearch.evolve` stands 2 times", "Keep one"),
    "in_a_block.py": ("line 11: `grow`.* stands inside another block", "column 0"),
    "inner_function.py": ("line 11: `grow`.* stands inside another block", "column 0"),
    "method.py": ("line 11: `grow`.* stands inside another block", "column 0"),
    "names_not_imported.py": (
        "no function is marked with `@funsearch.run`",
        "Write `@funsearch.evolve` above",
    ),
    "no_evolve.py": ("no function is marked with `@funsearch.evolve`", "Write `@funsearch.evolve` above"),
    "no_run.py": ("no function is marked with `@funsearch.run`", "Write `@funsearch.evolve` above"),
    "not_utf_8.py": ("line 12: byte 121 is not utf-8", "Save the file as UTF-8"),
    "nul_byte.py": ("line 12: there is a NUL character", "Take it out"),
    "redefined.py": ("line 14: `grow` is defined again; the one marked .* is on line 10", "Rename"),
    "run_with_two_arguments.py": ("line 5: `evaluate` cannot be called with one test input", "one argument"),
    "run_without_argument.py": ("line 5: `evaluate` cannot be called with one test input", "one argument"),
    "syntax_error.py": (r"line 11: invalid syntax: return x \+$", "Correct it"),
    "too_deep.py": ("line 12: too many nested parentheses", "Correct it"),
    "two_evolve.py": ("2 times, on `grow` on line 10 and `shrink` on line 15", "Keep one"),
    "two_run.py": ("2 times, on `evaluate` on line 10 and `again` on line 15", "Keep one"),
    "unknown_coding.py": ("unknown encoding: klingon", "UTF-8"),
}


def parse(name):
    path = SPECIFICATIONS / name
    return parse_specification(read_text(path, path.name), path.stem, path.name)


def test_every_invalid_file_has_an_expectation():
    assert {path.name for path in (SPECIFICATIONS / "invalid").iterdir()} == set(INVALID)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_file_is_a_clear_error(name):
    message, cure = INVALID[name]
    with pytest.raises(UsageError, match=message) as caught:
        parse(f"invalid/{name}")
    assert caught.value.message.startswith(name)
    assert len(caught.value.message) < 200
    assert cure in caught.value.cure


def test_deep_nesting_without_parentheses_is_a_clear_error():
    with pytest.raises(UsageError, match="deep is nested too deeply"):
        parse_specification("x = " + "-" * 100_000 + "1", "deep")


def test_a_lone_surrogate_is_a_clear_error():
    with pytest.raises(UsageError, match=r"odd cannot be parsed: .*surrogates not allowed"):
        parse_specification("x = '\ud800'", "odd")


def test_the_parts_of_a_function():
    specification = parse("valid/long_header.py")
    evolve = specification.evolve
    assert evolve.name == "grow"
    assert evolve.arguments == (
        Argument("x", '"int"', None),
        Argument("key", "dict[str, int]", '{"a": 1}'),
        Argument("rest", "int", None),
        Argument("f", None, "lambda z: z * 2"),
        Argument("more", '"str"', None),
    )
    assert evolve.returns == "lambda: 0"
    assert evolve.docstring == "The double."
    assert evolve.header == evolve.source[: evolve.source.index(" # the body follows")]
    assert evolve.header.startswith("def \\\n")
    assert evolve.header.endswith("-> (lambda: 0):")
    assert evolve.source.endswith("    return f(x)\n")
    assert specification.run == "evaluate"
    assert specification.name == "long_header"


def test_keyword_only_arguments_and_non_ascii_columns():
    specification = parse("valid/non_ascii.py")
    assert specification.evolve.name == "größer"
    assert specification.evolve.arguments == (Argument("ξ", '"大"', "1"), Argument("ω", None, '"ü"'))
    assert specification.evolve.returns == '"数"'
    assert specification.evolve.source.splitlines()[0] == specification.evolve.header
    assert specification.run == "bewerte"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("one_line.py", "def grow(x): y = x; return x + y ; # twice\n"),
        ("crlf.py", 'def grow(x):\n    """Two\n    lines."""\n    return x + x  # twice\n'),
        ("carriage_returns.py", "def grow(x):\n    return x + x\n"),
        ("mixed_line_ends.py", "def grow(x):\n    y = x\n    return x + y\n"),
        ("decorated.py", "def grow(x):\n    return x\n"),
        (
            "no_final_newline.py",
            "def grow(x):\n    return x + x\n\n    # still the function's\n\n  # and this\n",
        ),
        (
            "comments.py",
            "def grow(x):  # beside the header\n\n    # before the first statement\n    y = x\n"
            "# at column 0 inside the body\n    return x + y \\\n\n    # after the last statement\n"
            "        # and deeper\n",
        ),
        (
            "form_feeds.py",
            'def grow(x):\n    """A form\x0cfeed."""\n\x0c    y = x\n    return x + y\x0c\n',
        ),
    ],
)
def test_the_seed_program_is_the_function_from_def_to_its_last_comment(name, source):
    assert parse(f"valid/{name}").evolve.source == source


@pytest.mark.parametrize(
    "header",
    [
        "def grow(x) -> lambda: 0:",
        "def grow(x) -> {1: 2}[1]:",
        "def grow(x=':', *, y={'a': [lambda: 1]}):",
        "def grow(  # :\n    x,\n):",
    ],
)
@pytest.mark.parametrize("body", [" return x\n", "  # a comment\n    return x\n", "\n\n    return {1: x}\n"])
def test_the_header_ends_at_the_colon_that_opens_the_body(header, body):
    text = f"@funsearch.run\ndef evaluate(x):\n    return grow(x)\n\n\n@funsearch.evolve\n{header}{body}"
    if body.startswith("  #"):
        text = text.replace("  # a comment\n", "  # a comment: here\n")
    assert parse_specification(text, "header").evolve.header == header


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("no_import_two_spaces.txt", "Doubles numbers."),
        ("imported_names.py", "Return the double."),
        ("one_line.py", ""),
        ("latin_1.py", "Größe."),
    ],
)
def test_the_task_is_the_files_docstring_else_the_run_functions(name, task):
    assert parse(f"valid/{name}").task == task


def test_one_function_may_be_both():
    specification = parse("valid/evolve_and_run.py")
    assert specification.run == specification.evolve.name == "grow"


def test_a_decorator_may_change_the_arguments_of_the_run_function():
    text = (
        "@funsearch.run\n@unpacked\ndef evaluate(n, w):\n    return grow(n)\n"
        "@funsearch.evolve\ndef grow(n):\n    return n\n"
    )
    assert parse_specification(text, "unpacked").run == "evaluate"


def test_star_imports_count():
    text = (
        "from funsearch import *\n@run\ndef evaluate(x):\n    return grow(x)\n"
        "@evolve\ndef grow(n):\n    return n\n"
    )
    assert parse_specification(text, "star").evolve.name == "grow"


def test_a_syntax_error_names_the_line_of_the_file_whatever_ends_its_lines():
    for end in ("\n", "\r\n", "\r"):
        with pytest.raises(UsageError, match=r"^f.py, line 3: .*: y = \($"):
            parse_specification(end.join(["x = 1", "", "y = (", "z = 2", ""]), "f", "f.py")


class TestProgramText:
    def test_takes_blank_lines_comments_and_line_ends_away(self):
        text = "\r\n# by hand\r\n\r\ndef f(x):\r\n    # inside\r\n    return x\r\n\r\n# below\r\n"
        assert program_text(text, "f", "it") == "def f(x):\n    # inside\n    return x\n"

    def test_a_program_is_its_own_text(self):
        source = "def f(x):\n\treturn '''\n\n'''\n"
        assert program_text(source, "f", "it") == source

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "it is not the text of one function"),
            ("x = 1\n", "it is not the text of one function"),
            ("import math\ndef f(x):\n    return x\n", "it is not the text of one function"),
            ("async def f(x):\n    return x\n", "it is not the text of one function"),
            ("def g(x):\n    return x\n", "it defines `g`, not `f`"),
            ("@cache\ndef f(x):\n    return x\n", "it has a decorator"),
            ("    def f(x):\n        return x\n", "it, line 1: unexpected indent"),
            ("def f(x):\n", "it, line 1: expected an indented block"),
        ],
    )
    def test_refuses_all_else(self, text, message):
        with pytest.raises(UsageError, match=re.escape(message)) as caught:
            program_text(text, "f", "it")
        assert caught.value.cure
