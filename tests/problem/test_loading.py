import hashlib
import json

import pytest

from fsdb.errors import UsageError
from fsdb.problem.loading import bundled_problems, load_problem, problem_from_event, problem_to_event

SPECIFICATION = """\
import funsearch


@funsearch.run
def evaluate(x):
    return grow(x)


@funsearch.evolve
def grow(x):
    return x
"""


@pytest.fixture
def write(tmp_path):
    """Write a specification with these constants, and return its path as a string."""

    def write(constants="INPUTS = [1]", name="mine.py", specification=SPECIFICATION):
        path = tmp_path / name
        path.write_text(constants + "\n" + specification)
        return str(path)

    return write


def refused(message, cure, *args, **kwargs):
    with pytest.raises(UsageError, match=message) as caught:
        load_problem(*args, **kwargs)
    assert cure in caught.value.cure
    return caught.value


class TestFinding:
    def test_a_bundled_name(self):
        assert load_problem("cap_set").name == "cap_set"

    def test_a_path_whatever_its_ending(self, write):
        assert load_problem(write()).name == "mine"
        assert load_problem(write(name="theirs.txt")).name == "theirs"
        assert load_problem(write(name="bare")).name == "bare"

    def test_a_bundled_name_goes_before_a_file_of_that_name(self, write, tmp_path, monkeypatch):
        write(name="cap_set")
        monkeypatch.chdir(tmp_path)
        assert load_problem("cap_set").inputs == {"6": 6}
        assert load_problem("./cap_set").inputs == {"1": 1}

    def test_a_name_of_no_problem_gets_the_nearest_and_all(self):
        refused(
            "no problem 'bin_paking'",
            "Did you mean bin_packing? Bundled are admissible_sets, bin_packing, cap_set",
            "bin_paking",
        )
        error = refused("no problem 'zzz'", "Bundled are admissible_sets, bin_packing, cap_set", "zzz")
        assert "Did you mean" not in error.cure

    def test_a_forgotten_ending(self, write, tmp_path, monkeypatch):
        write()
        monkeypatch.chdir(tmp_path)
        refused("no problem 'mine'", "Did you mean mine.py?", "mine")

    @pytest.mark.parametrize("path", ["nowhere.py", "no/where", "nowhere.txt", "x" * 5000 + ".py", "a\0b.py"])
    def test_a_path_of_nothing(self, path):
        refused("no file", "Correct the path", path)

    def test_a_folder(self, tmp_path):
        refused("is a folder", "file", str(tmp_path))

    def test_nothing_is_executed(self, write, tmp_path):
        trap = f"open({str(tmp_path / 'trap')!r}, 'w').close()\nINPUTS = [1]"
        load_problem(write(trap))
        assert not (tmp_path / "trap").exists()


class TestInputs:
    @pytest.mark.parametrize(
        ("constant", "inputs"),
        [
            ("INPUTS = {'a': 1, 'b': [2]}", {"a": 1, "b": [2]}),
            ("INPUTS = {'b': (1, (2, 3)), 'a': {'x': ()}}", {"b": [1, [2, 3]], "a": {"x": []}}),
            (
                "INPUTS = [3, 4.5, True, None, 'text']",
                {"3": 3, "4.5": 4.5, "true": True, "null": None, "text": "text"},
            ),
            ("INPUTS = (8,)", {"8": 8}),
            ("INPUTS = [(12, 7), (15, 10)]", {"0": [12, 7], "1": [15, 10]}),
            ("INPUTS = [3, 3]", {"0": 3, "1": 3}),
            ("INPUTS = [3, '3']", {"0": 3, "1": "3"}),
            ("INPUTS: list[int] = [-1]", {"-1": -1}),
            ("X = INPUTS = ['ü']", {"ü": "ü"}),
        ],
    )
    def test_from_the_constant(self, write, constant, inputs):
        problem = load_problem(write(constant))
        assert problem.inputs == inputs
        assert list(problem.inputs) == list(inputs)
        assert problem.specification.text.startswith(constant)

    def test_from_a_file_beside(self, write, tmp_path):
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "in.json").write_text('{"z": 1, "ä": [2]}', encoding="utf-8")
        problem = load_problem(write("INPUTS = 'data/in.json'"))
        assert list(problem.inputs.items()) == [("z", 1), ("ä", [2])]

    def test_from_the_option(self, write, tmp_path, monkeypatch):
        file = write("INPUTS = [1]")
        assert load_problem(file, inputs="[2, 3]").inputs == {"2": 2, "3": 3}
        assert load_problem(file, inputs=' {"n": 2}').inputs == {"n": 2}
        monkeypatch.chdir(tmp_path)
        (tmp_path / "other.json").write_text("[[4]]")
        assert load_problem(file, inputs="other.json").inputs == {"0": [4]}
        assert load_problem(file, inputs=str(tmp_path / "other.json")).inputs == {"0": [4]}

    def test_the_option_serves_a_file_without_the_constant(self, write):
        assert load_problem(write(""), inputs="[2]").inputs == {"2": 2}

    @pytest.mark.parametrize(
        ("constant", "message", "cure"),
        [
            ("", "mine.py has no test inputs", "INPUTS = […]"),
            ("INPUTS = []", "INPUTS holds no test input", "at least one"),
            ("INPUTS = {}", "INPUTS holds no test input", "at least one"),
            ("INPUTS = 6", "INPUTS is an int, not test inputs", "[6]"),
            ("INPUTS = range(3)", "line 1: INPUTS is no plain literal", 'INPUTS = "inputs.json"'),
            ("INPUTS = [n for n in (1, 2)]", "line 1: INPUTS is no plain literal", "Write its value out"),
            ("INPUTS = [6]\nINPUTS = [7]", "line 2: INPUTS is assigned again; .* line 1", "Keep one"),
            ("INPUTS = {'a': 1, 'a': 2}", "line 1: INPUTS has the key 'a' twice", "Rename"),
            ("INPUTS = {6: 6}", "INPUTS has the key 6, not a string", "Write '6'"),
            ("INPUTS = {'a': {1: 2}}", "INPUTS has the key 1, not a string", "Write '1'"),
            ("INPUTS = [{1, 2}]", "INPUTS holds a set, which is no JSON value", "Use numbers"),
            ("INPUTS = [b'x']", "INPUTS holds bytes, which is no JSON value", "Use numbers"),
            ("INPUTS = [1j]", "INPUTS holds a complex, which is no JSON value", "Use numbers"),
            ("INPUTS = [1e999]", "INPUTS holds inf", "finite"),
            (r"INPUTS = ['\ud800']", "no Unicode text", "surrogate"),
            ("INPUTS = 'none.json'", "INPUTS: .*none.json: there is no such file", "Correct the path"),
            ("INPUTS = 'nan.json'", "nan.json is not JSON: NaN is no JSON number", "Correct"),
            ("INPUTS = 'twice.json'", "twice.json is not JSON: the key 'a' stands twice", "Correct"),
            ("INPUTS = 'broken.json'", "broken.json is not JSON: .* line 2 column 1", "Correct"),
            ("INPUTS = 'deep.json'", "deep.json is not JSON: it is nested too deeply", "Correct"),
            ("INPUTS = 'deepish.json'", "deepish.json is nested too deeply", "flatter"),
            ("INPUTS = 'latin.json'", "latin.json is not UTF-8", "UTF-8"),
            ("INPUTS = 'huge.json'", "huge.json holds inf", "finite"),
            ("INPUTS = '.'", "Is a directory", "can be read"),
        ],
    )
    def test_what_is_refused(self, write, tmp_path, constant, message, cure):
        (tmp_path / "nan.json").write_text("[NaN]")
        (tmp_path / "twice.json").write_text('{"a": 1, "a": 2}')
        (tmp_path / "broken.json").write_text("[1,\n")
        (tmp_path / "deep.json").write_text("[" * 100_000)
        (tmp_path / "deepish.json").write_text("[" * 900 + "]" * 900)
        (tmp_path / "latin.json").write_bytes(b'["\xe9"]')
        (tmp_path / "huge.json").write_text("[1e999]")
        refused(message, cure, write(constant))

    @pytest.mark.parametrize(
        ("option", "message", "cure"),
        [
            ("6", "--inputs '6' is neither", "[6, 7]"),
            ("[6", "--inputs is not JSON", "Correct"),
            ("[]", "--inputs holds no test input", "at least one"),
            ("none.json", "--inputs: none.json: there is no such file", "Correct the path"),
        ],
    )
    def test_what_the_option_refuses(self, write, option, message, cure):
        refused(message, cure, write(), inputs=option)


class TestReduce:
    def test_the_mean_unless_said_otherwise(self, write):
        assert load_problem(write()).reduce == "mean"
        assert load_problem(write("INPUTS = [1]\nREDUCE = 'last'")).reduce == "last"
        assert load_problem(write("INPUTS = [1]\nREDUCE = 'last'"), reduce="min").reduce == "min"

    def test_what_is_refused(self, write):
        file = write("INPUTS = [1]\nREDUCE = 'median'")
        refused("REDUCE is 'median'", "mean, last, min, sum", file)
        refused("--reduce is 'max'", "mean, last, min, sum", file, reduce="max")
        refused("REDUCE is 3", "mean, last, min, sum", write("INPUTS = [1]\nREDUCE = 3"))


class TestBaselines:
    CONSTANTS = (
        "INPUTS = [1]\nBASELINES = {'twice': '''\n# by hand\ndef grow(x):\n    return 2 * x\n''',"
        " 'known': 7, 'half': .5}"
    )

    def test_programs_and_known_scores(self, write):
        problem = load_problem(write(self.CONSTANTS))
        assert problem.baselines == {"twice": "def grow(x):\n    return 2 * x\n", "known": 7, "half": 0.5}
        assert list(problem.baselines) == ["twice", "known", "half"]

    def test_known_scores_are_of_the_files_own_inputs_and_reduction(self, write):
        file = write(self.CONSTANTS)
        assert list(load_problem(file, inputs="[2]").baselines) == ["twice"]
        assert list(load_problem(file, reduce="sum").baselines) == ["twice"]

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("[1]", "BASELINES is a list, not baselines by name"),
            ("{'a': True}", r"BASELINES\['a'\] is a bool"),
            ("{'a': None}", r"BASELINES\['a'\] is None"),
            ("{'a': 'x = 1'}", r"BASELINES\['a'\] is not the text of one function"),
            ("{'a': 'def f(x): pass'}", r"BASELINES\['a'\] defines `f`, not `grow`"),
            ("{'a': 'def grow('}", r"BASELINES\['a'\], line 1: "),
            ("{1: 2}", "BASELINES has the key 1"),
            ("{'a': dedent('')}", "line 2: BASELINES is no plain literal"),
        ],
    )
    def test_what_is_refused(self, write, value, message):
        error = refused(message, "", write(f"INPUTS = [1]\nBASELINES = {value}"))
        assert error.cure


class TestHeldOut:
    def test_sets_as_literals_and_as_files(self, write, tmp_path):
        (tmp_path / "far.json").write_text("[[1], [2]]")
        problem = load_problem(
            write("INPUTS = [1]\nHELD_OUT = {'near': (2, 3), 'far': 'far.json', 'own': {'a': 1}}")
        )
        assert problem.held_out == {"near": {"2": 2, "3": 3}, "far": {"0": [1], "1": [2]}, "own": {"a": 1}}
        assert list(problem.held_out) == ["near", "far", "own"]

    def test_the_inputs_option_leaves_them(self, write):
        assert load_problem(write("HELD_OUT = {'near': [2]}"), inputs="[1]").held_out == {"near": {"2": 2}}

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("'far.json'", "HELD_OUT is a string, not held-out sets"),
            ("{'far': []}", r"HELD_OUT\['far'\] holds no test input"),
            ("{'far': 3}", r"HELD_OUT\['far'\] is an int"),
            ("{'far': 'none.json'}", r"HELD_OUT\['far'\]: .*none.json: there is no such file"),
            ("{'far': list('ab')}", "line 2: HELD_OUT is no plain literal"),
        ],
    )
    def test_what_is_refused(self, write, value, message):
        error = refused(message, "", write(f"INPUTS = [1]\nHELD_OUT = {value}"))
        assert error.cure


class TestEvents:
    def test_the_round_trip_is_exact(self, write):
        constants = (
            "INPUTS = {'b': {'z': 1, 'a': 0.1}, 'a': 'ü\\u2028', 'n': None}\nREDUCE = 'sum'\n"
            "BASELINES = {'known': 0.1, 'one': 1, 'grow': 'def grow(x): return x'}\n"
            "HELD_OUT = {'y': [1], 'x': [2]}"
        )
        for problem in [*bundled_problems(), load_problem(write(constants))]:
            fields = problem_to_event(problem)
            again = problem_from_event(json.loads(json.dumps(fields)) | {"seed": 1})
            assert again == problem
            assert problem_to_event(again) == fields
            assert list(again.inputs) == list(problem.inputs)
            assert [list(x) for x in again.held_out.values()] == [list(x) for x in problem.held_out.values()]

    def test_the_fields(self, write):
        fields = problem_to_event(load_problem(write("INPUTS = {'b': {'z': 1, 'a': 'ü'}, 'a': 2.0}")))
        text = "INPUTS = {'b': {'z': 1, 'a': 'ü'}, 'a': 2.0}\n" + SPECIFICATION
        assert fields == {
            "problem": "mine",
            "specification": text,
            "specification_hash": hashlib.sha256(text.encode()).hexdigest(),
            "input_names": ["b", "a"],
            "inputs": '[{"z":1,"a":"ü"},2.0]',
            "reduce": "mean",
            "baselines": "{}",
            "held_out": "{}",
            "data": "{}",
            "isolate_inputs": False,
            "convention": "funsearch",
            "evaluator": None,
        }
