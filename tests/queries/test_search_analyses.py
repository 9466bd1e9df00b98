"""Analyses of islands, selection and diversity: a log with a few events in, known rows out."""

from __future__ import annotations

import ast
import math

import pytest

from tests.queries.rows import analysis, picked, rows, views
from tests.state.logs import Log

HOSTILE = "def f():\n    return '\x1b[31m # \u2028' # $parts'; drop table t\n"


def test_islands_are_told_moment_by_moment() -> None:
    log = Log(2)
    log.evaluated(1.0, 0)  # event 1
    log.evaluated(3.0, 0)  # 2
    log.reset({0: None})  # 3
    log.evaluated(None, 0, status="timeout")  # 4
    log.evaluated(5.0, 0)  # 5
    log.evaluated(7.0, 1)  # 6
    found = analysis(log, "islands_over_time", points=7)
    columns = ("seq", "epoch", "programs", "best_score", "mean_score", "spread")
    assert [row for row in picked(found, "island_id", *columns) if row[0] == 0] == [
        (0, 0, 0, 0, None, None, 0.0),
        (0, 1, 0, 1, 1.0, 1.0, 0.0),
        (0, 2, 0, 2, 3.0, 2.0, 1.0),
        (0, 3, 1, 0, None, None, 0.0),
        (0, 4, 1, 0, None, None, 0.0),
        (0, 5, 1, 1, 5.0, 5.0, 0.0),
        (0, 6, 1, 1, 5.0, 5.0, 0.0),
    ]
    assert [row["programs"] for row in found if row["island_id"] == 1] == [0, 0, 0, 0, 0, 0, 1]


def fallen(best: list[float | None], founders: dict[int, int | None]) -> list[dict[str, object]]:
    return [
        {
            "island_id": island,
            "epoch": 0,
            "programs": 1,
            "best_score": score,
            "best_program_id": island,
            "rank_key": score,
            "rank": island + 1,
            "reset": island in founders,
            "founder_program_id": founders.get(island),
            "founder_propensity": 1.0 if founders.get(island) is not None else None,
        }
        for island, score in enumerate(best)
    ]


def test_resets_tell_who_fell_and_how_long_it_took_to_catch_up() -> None:
    log = Log(3)
    for island, score in enumerate((1.0, 2.0, 3.0)):
        log.evaluated(score, island)
    log.reset({0: 2, 1: None}, islands=fallen([1.0, 2.0, 3.0], {0: 2, 1: None}))  # event 4
    log.evaluated(3.0, 0, sampler="founder", parents=[2])  # program 3
    log.evaluated(1.0, 1)
    log.evaluated(9.0, 1, status="duplicate")
    log.evaluated(4.0, 1)  # program 6, event 8
    columns = (
        "island_id",
        "epoch",
        "best_score",
        "founder_program_id",
        "founder_island_id",
        "founder_score",
        "level",
        "caught_up_program_id",
        "programs_until",
        "seconds",
        "seconds_until",
        "next_best_score",
    )
    assert picked(analysis(log, "island_resets"), *columns) == [
        (0, 0, 1.0, 2, 2, 3.0, 3.0, 3, 1, 4.0, 1.0, 3.0),
        (1, 0, 2.0, None, None, None, 3.0, 6, 3, 4.0, 4.0, 4.0),
    ]
    spread = ("from_island_id", "to_island_id", "founders", "programs", "best_score", "alive")
    assert picked(analysis(log, "founder_spread"), *spread) == [(2, 0, 1, 1, 3.0, 1)]


def test_an_island_that_never_caught_up_says_so() -> None:
    log = Log(2)
    log.evaluated(1.0, 0)
    log.evaluated(3.0, 1)
    log.reset({0: None}, islands=fallen([1.0, 3.0], {0: None}))
    log.evaluated(2.0, 0)
    log.evaluated(2.5, 0)
    columns = ("caught_up_program_id", "programs_until", "seconds_until", "next_best_score")
    assert picked(analysis(log, "island_resets"), *columns) == [(None, 2, None, 2.5)]


def parent(program: int, cluster: int, slot: int, chance: float, within: float = 1.0) -> dict[str, object]:
    return {
        "position": slot,
        "slot": slot,
        "program_id": program,
        "cluster_id": cluster,
        "cluster_propensity": chance,
        "program_propensity": within,
    }


def softmax(scores: list[float], temperature: float) -> list[float]:
    weights = [math.exp((score - max(scores)) / temperature) for score in scores]
    return [weight / sum(weights) for weight in weights]


@pytest.fixture
def drawn() -> Log:
    """Clusters of 1, 2 (two programs) and 3; a draw that takes the best twice, and one that does not."""
    log = Log(1)
    log.evaluated(1.0)
    log.evaluated(2.0)
    log.evaluated(2.0)
    log.evaluated(3.0)
    chances = softmax([1.0, 2.0, 3.0], 0.5)
    settings = {"policy": "funsearch", "temperature": 0.5, "island_propensity": 0.5, "policy_params": "{}"}
    log.drawn(0, [parent(3, 3, 1, chances[2]), parent(3, 3, 0, chances[2])], **settings)
    log.drawn(0, [parent(0, 0, 1, chances[0]), parent(2, 1, 0, chances[1], 0.25)], **settings)
    log.evaluated(9.0)  # not there yet as of the draws
    return log


def test_entropies_are_estimated_from_what_the_log_holds(drawn: Log) -> None:
    chances = softmax([1.0, 2.0, 3.0], 0.5)
    (row,) = analysis(drawn, "selection_entropy", parts=1)
    assert (row["draws"], row["clusters"], row["effective_islands"]) == (2, 3.0, pytest.approx(2.0))
    assert row["cluster_entropy"] == pytest.approx(-(math.log(chances[2]) + math.log(chances[1])) / 2)
    assert row["program_entropy"] == pytest.approx(-(math.log(chances[2]) + math.log(chances[1] * 0.25)) / 2)
    assert (row["same_program_share"], row["same_cluster_share"], row["warning"]) == (0.5, 0.5, None)
    assert picked(analysis(drawn, "selection_entropy", parts=2), "first_draw_id") == [(0,), (1,)]


def test_collapsed_draws_are_warned_of() -> None:
    log = Log(1)
    for score in (1.0, 2.0, 3.0):
        log.evaluated(score)
    for _ in range(20):
        log.drawn(0, [parent(2, 2, 0, 0.99), parent(2, 2, 1, 0.99)])
    (row,) = analysis(log, "selection_entropy", parts=1)
    assert row["warning"] == (
        "draws have collapsed: 100 % show one program throughout, of 3 clusters 1.0 were in effect "
        "chosen from"
    )


def test_a_draw_is_made_again_in_full_and_compared(drawn: Log) -> None:
    chances = softmax([1.0, 2.0, 3.0], 0.5)
    entropy = -sum(chance * math.log(chance) for chance in chances)
    found = analysis(drawn, "draw_entropy")
    assert picked(found, "draw_id", "clusters", "cluster_id", "rank", "agrees") == [
        (1, 3, 1, 2, True),
        (0, 3, 3, 1, True),
    ]
    assert found[0]["remade_propensity"] == pytest.approx(chances[1])
    assert [row["entropy"] for row in found] == pytest.approx([entropy, entropy])
    assert found[1]["highest_propensity"] == pytest.approx(chances[2])
    other = Log(1)
    other.evaluated(1.0)
    other.evaluated(2.0)
    other.drawn(0, [parent(0, 0, 0, 0.5)], policy="uniform")
    assert picked(analysis(other, "draw_entropy"), "propensity", "agrees", "entropy") == [(0.5, False, None)]


def test_pressure_is_what_is_taken_over_what_chance_would_take(drawn: Log) -> None:
    found = analysis(drawn, "selection_pressure")
    assert picked(found, "tenth", "available", "expected_share", "taken", "taken_share") == [
        (1, 2, pytest.approx(1 / 3), 2, 0.5),
        (4, 2, pytest.approx(1 / 3), 1, 0.25),
        (7, 2, pytest.approx(1 / 3), 1, 0.25),
    ]
    assert [row["pressure"] for row in found] == pytest.approx([1.5, 0.75, 0.75])


def test_diversity_tells_what_was_there_before() -> None:
    log = Log()
    log.evaluated(0.0, source="def f():\n    return 0\n")  # the seed's counts as seen
    sources = [
        "def f():\n    return 0\n",  # word for word the seed
        "def f():\n    # so\n    return 0\n",  # the seed but for a comment
        "def f():\n    return 1\n",
        "def f():\n\n    return 1  # again\n",
        HOSTILE,
    ]
    for score, source in zip((0.0, 0.0, 1.0, None, 2.0), sources, strict=True):
        log.evaluated(score, draw=log.drawn(), source=source, status="ok" if score is not None else "timeout")
    (row,) = analysis(log, "diversity", parts=1)
    assert (row["programs"], row["repeated_share"], row["revisited_share"]) == (
        5,
        pytest.approx(0.2),
        pytest.approx(0.6),
    )
    assert (row["structures"], row["scored"], row["signatures"]) == (3, 4, 3)
    entropy = -(0.5 * math.log(0.5) + 2 * 0.25 * math.log(0.25))
    assert row["signature_entropy"] == pytest.approx(entropy)
    assert row["effective_signatures"] == pytest.approx(math.exp(entropy))
    halves = analysis(log, "diversity", parts=2)
    assert picked(halves, "programs", "new_structures", "structures", "new_signatures", "signatures") == [
        (2, 1, 1, 1, 1),
        (3, 2, 3, 2, 3),
    ]
    found = analysis(log, "revisits")
    assert picked(found, "program_id", "programs", "sources", "last_program_id") == [
        (1, 2, 2, 2),
        (3, 2, 2, 4),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("def f(x):\n    return x\n", "def f( x ) :\n\n    return x   # so\n\n", True),
        ('def f(x):\n    """Say\n    something."""\n    return x\n', "def f(x):\n    return x\n", True),
        ("def f(x):\n    return x", "def f(x):\n    return x\n", True),
        ("# top\ndef f(x):\n    # a # b\n    return x\n", "def f(x):\n    return x\n", True),
        ("def f(x):\n    return x\n", "def f(y):\n    return y\n", False),
        ("if a:\n    b()\nc()\n", "if a:\n    b()\n    c()\n", False),
        ("a = 1\nb = 2\n", "a = 1\n    b = 2\n", False),
    ],
)
def test_a_structure_is_what_runs(one: str, other: str, same: bool) -> None:
    with views(Log()) as con:
        ((found,),) = rows(con, "select structure($one) = structure($other)", one=one, other=other)
    assert found is same
    if same:
        trees = [ast.parse(text) for text in (one, other)]
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
                    node.body = node.body[1:]
        assert ast.dump(trees[0]) == ast.dump(trees[1])


def test_code_size_counts_words_and_operators() -> None:
    log = Log()
    log.evaluated(0.0)
    log.evaluated(1.0, draw=log.drawn(), source="if a and b:\n    return a + b\n\nreturn 2 ** a\n")
    log.evaluated(2.0, draw=log.drawn(), source="return 1\n")
    log.evaluated(None, draw=log.drawn(), status="timeout")
    (row,) = analysis(log, "code_size", parts=1)
    assert (row["programs"], row["lines"], row["branches"], row["operators"]) == (2, 2.0, 1.0, 1.0)
    assert (row["longest"], row["length_score_correlation"]) == (44, pytest.approx(-1.0))


def test_a_line_of_code_that_comes_back_is_a_circle() -> None:
    log = Log()
    log.evaluated(0.0, source="a\nb\n")
    for number, source in enumerate(["a\nc\n", "a\nb\nd\n", "  b\nd\n", "a\nb\n"]):
        log.evaluated(1.0, draw=log.drawn(), parents=[number], source=source)
    found = analysis(log, "line_cycling", program=4)
    assert picked(found, "step", "program_id", "lines", "added", "removed", "readded", "cycling_share") == [
        (0, 0, 2, 0, 0, 0, None),
        (1, 1, 2, 1, 1, 0, 0.0),
        (2, 2, 3, 2, 1, 1, pytest.approx(1 / 3)),
        (3, 3, 2, 0, 1, 0, pytest.approx(1 / 3)),
        (4, 4, 2, 1, 1, 1, 0.5),
    ]
