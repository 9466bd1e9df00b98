"""The noise of every choice: a pure function of its counter, the same to the last bit everywhere."""

from __future__ import annotations

import hashlib
import math
import random

import duckdb
import pytest

from fsdb.state.keys import signature_hash, source_hash
from tests.state.populations import ORDINARY, connect_population, populate

WORD = 2**64
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    log, _ = populate(4, ORDINARY)
    return connect_population(log)


def key(text: str) -> int:
    """Bytes 8 to 15 of the MD5, little end first."""
    return int.from_bytes(hashlib.md5(text.encode()).digest()[8:], "little")


def mix(z: int) -> int:
    z = (z ^ z >> 30) * FIRST % WORD
    z = (z ^ z >> 27) * SECOND % WORD
    return z ^ z >> 31


def unmix(z: int) -> int:
    """The number that `mix` makes into z."""

    def unshift(value: int, bits: int) -> int:
        found = value
        for _ in range(64 // bits):
            found = value ^ found >> bits
        return found

    z = unshift(z, 31) * pow(SECOND, -1, WORD) % WORD
    z = unshift(z, 27) * pow(FIRST, -1, WORD) % WORD
    return unshift(z, 30)


def uniform(draw_key: int, candidate_key: int) -> float:
    return ((mix(draw_key ^ candidate_key) >> 12) + 0.5) / 2**52


def test_keys_are_of_the_content(con: duckdb.DuckDBPyConnection) -> None:
    for text in (
        "",
        "a",
        "island:3",
        "priorité 🎲",
        source_hash("def f(): pass"),
        signature_hash([1.5, -0.0]),
    ):
        assert con.execute("select item_key($1), md5_number_lower($1)", [text]).fetchall() == [
            (key(text),) * 2
        ]
    for seed, draw, slot in ((0, 0, "island"), (-(2**63), 2**63 - 1, "cluster:3"), (7, "reset|2", "worst")):
        (found,) = con.execute("select noise_key($1, $2, $3)", [seed, draw, slot]).fetchall()
        assert found == (key(f"{seed}|{draw}|{slot}"),)


def test_uniforms_equal_a_reference_bit_for_bit(con: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(20)
    words = [0, 1, WORD - 1, *(chance.randrange(WORD) for _ in range(5000))]
    pairs = [(chance.choice(words), word) for word in words]
    found = con.execute(
        "select noise_uniform(a, b), noise_gumbel(a, b) from "
        "(select unnest($1::ubigint[]) as a, unnest($2::ubigint[]) as b)",
        [[a for a, _ in pairs], [b for _, b in pairs]],
    ).fetchall()
    assert [u for u, _ in found] == [uniform(a, b) for a, b in pairs]
    for u, gumbel in found:
        assert gumbel == pytest.approx(-math.log(-math.log(u)), rel=1e-14, abs=1e-15)


def test_golden_values(con: duckdb.DuckDBPyConnection) -> None:
    """Written down once: a change of these would make every logged draw impossible to make again."""
    golden = [
        ((0, 0, "island", "island:0"), 0.18086482958604655),
        ((0, 12345, "cluster:1", signature_hash([1.0, 2.5])), 0.4663191307641258),
        ((42, 7, "program:0", source_hash("def f():\n    return 1\n")), 0.25433325292243414),
        ((1, "reset|2", "founder:5", "island:5"), 0.5880166913492969),
    ]
    for (seed, draw, slot, content), expected in golden:
        (found,) = con.execute(
            "select noise_uniform(noise_key($1, $2, $3), item_key($4))", [seed, draw, slot, content]
        ).fetchall()
        assert found == (expected,)


def test_noise_is_finite_at_both_ends(con: duckdb.DuckDBPyConnection) -> None:
    for mixed, expected in ((0, 2.0**-53), (WORD - 1, 1 - 2.0**-53)):
        assert mix(unmix(mixed)) == mixed
        ((u, gumbel),) = con.execute(
            "select noise_uniform(0::ubigint, $1::ubigint), noise_gumbel(0::ubigint, $1::ubigint)",
            [unmix(mixed)],
        ).fetchall()
        assert u == expected
        assert math.isfinite(gumbel)


def test_the_mass_is_the_same_in_any_order(con: duckdb.DuckDBPyConnection) -> None:
    """Sums of doubles depend on their order; this one does not, and is as exact."""
    chance = random.Random(5)
    logits = [0.0, -745.0, float("-inf"), *(-chance.expovariate(0.1) for _ in range(2000))]
    masses = set()
    for _ in range(5):
        chance.shuffle(logits)
        masses |= set(
            con.execute("select softmax_mass(logit) from (select unnest($1) as logit)", [logits]).fetchall()
        )
    ((mass,),) = masses
    assert mass == pytest.approx(math.fsum(math.exp(logit) for logit in logits), rel=1e-15)
