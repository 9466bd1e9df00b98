"""Policies given by users: what a file may say, and a clear error with a cure for what it may not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from fsdb import queries
from fsdb.errors import FsdbError, UsageError
from fsdb.state.draws import draw_batch, params_json
from fsdb.state.policies import (
    RESET,
    SELECTION,
    Kind,
    install_reset,
    install_selection,
    load_policy,
    make_policy,
)
from tests.state.populations import ORDINARY, connect_population, populate

CLUSTERS = "-- name: clusters\nselect cluster_id, {} as logit from clusters"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    log, _ = populate(4, ORDINARY)
    with connect_population(log) as con:
        yield con


@pytest.mark.parametrize("kind", [SELECTION, RESET])
def test_shipped_policies_explain_themselves(kind: Kind) -> None:
    for name in queries.names(kind.folder):
        policy = load_policy(name, kind)
        assert policy.description
        assert all(policy.meanings[param] for param in policy.params)


def test_parameters_are_set_by_name() -> None:
    policy = load_policy("funsearch:temperature_init=2,parents=3, normalise=range,replacement=FALSE")
    assert policy.params == {
        "parents": 3,
        "replacement": False,
        "temperature_init": 2.0,
        "temperature_period": 30000,
        "normalise": "range",
    }
    assert params_json(policy) == (
        '{"normalise":"range","parents":3,"replacement":false,"temperature_init":2.0,"temperature_period":30000}'
    )


def test_a_file_of_ones_own(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    """All that a header and a query may look like; what a policy leaves out is FunSearch's."""
    path = tmp_path / "mine.sql"
    path.write_text(
        "-- The best one, mostly.\n"
        "--\n"
        "-- Explained at length: it's simple.\n"
        "-- param sharpness = 1e1 > 0: how sure: very\n"
        "-- param column = 'score' | 'newest'\n"
        "-- param parents = 1\n"
        "\n"
        "-- name: clusters\n"
        "-- $sharpness is not looked for in a comment, /* $nor */ in a 'string'\n"
        "with ranked as (select *, '$price' as \"$name\" from clusters /* $here */)\n"
        "select cluster_id, if($column = 'score', score, newest) * $sharpness as logit, 'kept' as note\n"
        "from ranked; -- and that's all\n"
    )
    policy = load_policy(f"{path}:column=newest")
    assert (policy.name, policy.description) == (
        "mine",
        "The best one, mostly.\n\nExplained at length: it's simple.",
    )
    assert policy.params == {"parents": 1, "replacement": True, "sharpness": 10.0, "column": "newest"}
    assert policy.meanings["sharpness"] == "how sure: very"
    assert policy.meanings["parents"] == "parents of a prompt, programs"
    install_selection(con, policy)
    latest = "select island_id, arg_max(cluster_id, newest) from clusters group by island_id"
    expected = dict(con.execute(latest).fetchall())
    for draw in draw_batch(con, policy, 0, range(20)):
        assert [parent.cluster_id for parent in draw.parents] == [expected[draw.island_id]]


def test_a_policy_is_made_again_from_what_a_log_holds() -> None:
    import json

    policy = load_policy("blog:temperature=3")
    assert make_policy(SELECTION, "blog", policy.sql, json.loads(params_json(policy))) == policy


def test_text_in_parameters_is_quoted(con: duckdb.DuckDBPyConnection) -> None:
    sql = "-- param word = 'none'\n" + CLUSTERS.format("length($word)")
    policy = make_policy(SELECTION, "quoted", sql, {"word": "it's; drop table clusters"})
    install_selection(con, policy)
    assert con.execute("select distinct logit from policy_clusters").fetchall() == [(25.0,)]


def test_candidates_that_are_left_out_are_not_drawn(con: duckdb.DuckDBPyConnection) -> None:
    """No row, a null and minus infinity mean the same."""
    for hidden in (
        "0.0 as logit from clusters where score > 1",
        "if(score > 1, 0.0, null) as logit from clusters",
    ):
        sql = (
            "-- param parents = 4\n"
            "-- name: islands\nselect island_id, 0 as logit from islands where island_id = 3\n"
            f"-- name: clusters\nselect cluster_id, {hidden}"
        )
        policy = make_policy(SELECTION, "some", sql, {"replacement": False})
        install_selection(con, policy)
        for draw in draw_batch(con, policy, 0, range(10)):
            assert draw.island_id == 3
            assert [parent.score for parent in draw.parents] == [1.15, 1.25]
            assert [parent.cluster_propensity for parent in sorted(draw.parents, key=lambda p: p.slot)] == [
                0.5,
                1.0,
            ]


@pytest.mark.parametrize(
    ("spec", "message", "cure"),
    [
        ("nothing", "no --policy called 'nothing'", "funsearch"),
        ("absent.sql", "absent.sql cannot be read", "check the path"),
        ("funsearch:temprature=1", "no parameter 'temprature'", "temperature_init"),
        ("funsearch:temperature_init", "'temperature_init' sets nothing", "PARAM=VALUE"),
        ("funsearch:temperature_init=warm", "temperature_init=warm is no number", "default is 0.1"),
        ("funsearch:temperature_init=nan", "temperature_init=nan", "fits 64 bits"),
        ("funsearch:temperature_init=inf", "temperature_init=inf", "fits 64 bits"),
        ("funsearch:temperature_init=0", "temperature_init=0.0", "above 0"),
        ("funsearch:temperature_period=0", "temperature_period=0", "at least 1"),
        ("funsearch:temperature_period=2.5", "temperature_period=2.5 is no whole number", "30000"),
        ("funsearch:temperature_period=99999999999999999999", "temperature_period=9", "fits 64 bits"),
        ("funsearch:normalise=rnage", "normalise=rnage", "none or range"),
        ("funsearch:replacement=1", "replacement=1 is no true or false", "default is true"),
        ("funsearch:parents=0", "parents=0", "1 to 100"),
        ("funsearch:parents=101", "parents=101", "1 to 100"),
        ("tournament:size=0", "size=0", "at least 1"),
    ],
)
def test_a_specification_that_is_off(spec: str, message: str, cure: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_policy(spec)
    assert message in caught.value.message
    assert cure in caught.value.cure


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("funsearch", "no --reset-policy called 'funsearch'"),
        ("survivors:fraction=1", "fraction=1.0"),
        ("survivors:fraction=-0.1", "fraction=-0.1"),
        ("survivors:every_programs=-1", "every_programs=-1"),
        ("random:every_hours=-1", "every_hours=-1.0"),
    ],
)
def test_a_reset_specification_that_is_off(spec: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_policy(spec, RESET)
    assert message in caught.value.message
    assert caught.value.cure


@pytest.mark.parametrize(
    ("sql", "message", "cure"),
    [
        ("", "lacks the query islands, clusters, programs", "-- name:"),
        ("select 1", "'select 1' belongs to no query", "-- name: QUERY"),
        ("-- name: culsters\nselect 1", "no query called 'culsters'", "islands, clusters, programs"),
        ("-- name: a b\nselect 1", "names no query", "-- name: QUERY"),
        ("-- name: clusters\n-- name: clusters\n", "two queries called clusters", "keep one"),
        (
            "-- param size 3\n" + CLUSTERS.format(1),
            "'-- param size 3' declares no parameter",
            "NAME = DEFAULT",
        ),
        ("-- param size = big\n" + CLUSTERS.format(1), "declares no parameter", "single quotes"),
        ("-- param size = 0 > 0\n" + CLUSTERS.format(1), "size=0", "above 0"),
        (CLUSTERS.format("$size"), "uses $size, which the file does not declare", "-- param size = DEFAULT"),
    ],
)
def test_a_file_that_is_off(sql: str, message: str, cure: str) -> None:
    with pytest.raises(UsageError) as caught:
        make_policy(SELECTION, "mine", sql, {})
    assert message in caught.value.message
    assert cure in caught.value.cure


@pytest.mark.parametrize(
    ("sql", "message", "cure"),
    [
        (
            "-- name: clusters\nselect cluster_id, logit from",
            "does not run: Parser Error",
            "population, clusters",
        ),
        (CLUSTERS.format("scoer"), "does not run: Binder Error", "population, clusters and islands"),
        (
            "-- name: clusters\nselect 1 as cluster_id from cluster",
            "does not run: Catalog Error",
            "docs/policies.md",
        ),
        (
            "-- name: clusters\nselect cluster_id from clusters",
            "returns cluster_id, but no logit",
            "cluster_id, logit",
        ),
        (
            "-- name: islands\nselect island_id, 'high' as logit from islands",
            "logit of its query islands is of type VARCHAR",
            "a number",
        ),
        (
            "-- name: programs\nselect program_id::varchar as program_id, 0 as logit from population",
            "of type VARCHAR",
            "a whole number",
        ),
        (CLUSTERS.format("1") + "; select 2", "is not one select statement", "cluster_id, logit"),
        ("-- name: clusters\ndrop table live.clusters", "is not one select statement", "cluster_id, logit"),
        ("-- name: clusters\n-- nothing\n", "is not one select statement", "cluster_id, logit"),
        (
            "-- name: clusters\nselect cluster_id, 0 as logit, 'hot' as temperature from clusters",
            "temperature of its",
            "a number",
        ),
    ],
)
def test_a_query_that_does_not_fit(con: duckdb.DuckDBPyConnection, sql: str, message: str, cure: str) -> None:
    """It is told when the policy is installed, before anything is drawn, and nothing has changed."""
    with pytest.raises(UsageError) as caught:
        install_selection(con, make_policy(SELECTION, "mine", sql, {}))
    assert "policy mine" in caught.value.message
    assert message in caught.value.message
    assert cure in caught.value.cure
    assert con.execute("select count(*) from clusters").fetchall() == [(10,)]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (CLUSTERS.format("'nan'::double"), "a logit that is no number"),
        (CLUSTERS.format("if(score > 1, 'nan'::double, 0.0)"), "a logit that is no number"),
        (CLUSTERS.format("'infinity'::double"), "a logit that is no number"),
        (CLUSTERS.format("null::double"), "offers no candidate"),
        (CLUSTERS.format("0") + " where island_id <> 1", "offers no candidate"),
        (CLUSTERS.format("newest % 0"), "failed: Invalid Input Error"),
        (
            "-- name: islands\nselect island_id, '-infinity'::double as logit from islands",
            "or no candidate any weight",
        ),
        ("-- name: programs\nselect program_id, '-infinity'::double as logit from population", "any weight"),
        (
            "-- name: programs\nselect program_id, 0 as logit from population where program_id < 4",
            "a logit that is no",
        ),
        ("-- name: islands\nselect island_id, 0 as logit from clusters", "more than once"),
        ("-- name: clusters\nselect cluster_id, 0 as logit from population", "more than once"),
        (
            "-- name: programs\nselect a.program_id, 0 as logit from population as a, population as b",
            "more than once",
        ),
    ],
)
def test_a_query_that_fails_on_the_state(con: duckdb.DuckDBPyConnection, sql: str, message: str) -> None:
    policy = make_policy(SELECTION, "mine", sql, {})
    install_selection(con, policy)
    with pytest.raises(FsdbError) as caught:
        draw_batch(con, policy, 0, range(50))
    assert "policy mine" in caught.value.message
    assert message in caught.value.message
    assert caught.value.cure


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("-- name: due\nselect true as due", "lacks the query ranking"),
        ("-- name: due\nselect 1 as due\n-- name: ranking\nfrom islands", "is of type INTEGER"),
        ("-- name: due\nselect true as due\n-- name: ranking\nfrom islands", "but no rank_key"),
        ("-- name: due\nselect tired as due from progress\n-- name: ranking\nfrom islands", "does not run"),
    ],
)
def test_a_reset_policy_that_does_not_fit(con: duckdb.DuckDBPyConnection, sql: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        install_reset(con, make_policy(RESET, "mine", sql, {}))
    assert message in caught.value.message
    assert caught.value.cure


def test_another_policy_takes_the_place_of_the_first(con: duckdb.DuckDBPyConnection) -> None:
    for spec in ("uniform", "greedy"):
        policy = load_policy(spec)
        install_selection(con, policy)
        draws = draw_batch(con, policy, 0, range(30))
    best = dict(con.execute("select island_id, best_score from islands").fetchall())
    assert all(parent.score == best[draw.island_id] for draw in draws for parent in draw.parents)
