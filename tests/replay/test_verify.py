"""A log that is as it should be passes; whatever is done to it is found, and named."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from fsdb.errors import LogError
from fsdb.log import read_files
from fsdb.replay.exact import replay_exactly
from fsdb.replay.history import History
from fsdb.replay.verify import Check, verify
from fsdb.report.runs import open_run
from tests.report.logs import hand_made, merge_all, rewritten, stopped, write


def checks(run_dir: Path) -> dict[str, Check]:
    return {check.name: check for check in verify(run_dir)}


def failed(run_dir: Path) -> set[str]:
    return {name for name, check in checks(run_dir).items() if not check.passed}


def test_a_real_run_passes_every_check(real: Path) -> None:
    told = []
    found = {check.name: check for check in verify(real, lambda done, total: told.append((done, total)))}
    assert [check for check in found.values() if not check.passed] == []
    assert "each the same" in found["draws"].summary
    assert "resets decided again, each the same, none left out" in found["resets"].summary
    assert told[-1][0] == told[-1][1] > 10
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_merging_changes_nothing(real: Path, tmp_path: Path) -> None:
    copy = rewritten(real, tmp_path / "copy", lambda seq, type, fields: None)
    merge_all(copy)
    assert len(read_files(copy)) == 1
    assert failed(copy) == set()


def rounded(seq: int, type: str, fields: dict[str, Any]) -> None:
    """Change the last bit of one probability."""
    if type == "prompt_drawn" and fields["draw_id"] == 12:
        parent = fields["parents"][0]
        parent["cluster_propensity"] = math.nextafter(parent["cluster_propensity"], 0)


def test_a_last_bit_is_a_failure_unless_the_log_is_from_another_machine(real: Path, tmp_path: Path) -> None:
    found = checks(rewritten(real, tmp_path / "here", rounded))
    assert found["draws"].problems[0].startswith("draw 12 (event ")
    assert "parents[0].cluster_propensity" in found["draws"].problems[0]

    def elsewhere(seq: int, type: str, fields: dict[str, Any]) -> None:
        rounded(seq, type, fields)
        if type == "run_started":
            fields["platform"] = "Darwin arm64"

    found = checks(rewritten(real, tmp_path / "elsewhere", elsewhere))
    assert [check for check in found.values() if not check.passed] == []
    assert "but for the last bits of 1 number" in found["draws"].summary
    assert "Darwin arm64 wrote it" in found["draws"].summary


TAMPERED = {
    "another island": (lambda f: f.update(island_id=(f["island_id"] + 1) % 3), "island_id"),
    "another probability": (
        lambda f: f["parents"][0].update(
            cluster_propensity=f["parents"][0]["cluster_propensity"] * (1 - 1e-6)
        ),
        "parents[0].cluster_propensity",
    ),
    "another temperature": (lambda f: f.update(temperature=f["temperature"] * 2), "temperature"),
    "another parent": (
        lambda f: f["parents"][1].update(program_id=f["parents"][1]["program_id"] + 1),
        "parents[1].program_id",
    ),
    "one parent less": (lambda f: f["parents"].pop(), "parents"),
    "another seed": (lambda f: f.update(seed=f["seed"] + 1), ""),
    "another policy": (lambda f: f.update(policy="greedy"), "the run's policy is funsearch"),
    "parameters that were not in force": (
        lambda f: f.update(policy_params=f["policy_params"].replace("0.1", "0.2")),
        "the run's policy is funsearch",
    ),
    "noise of another kind": (lambda f: f.update(noise_scheme="dice-1"), "the noise dice-1"),
    "an earlier state": (lambda f: f.update(as_of=f["as_of"] - 1), "which is not where the log then ended"),
}


RESETS = (
    lambda f: fallen(f).update(founder_propensity=0.1),
    lambda f: f["islands"][0].update(rank=7),
    lambda f: f.update(policy_params='{"fraction":0.9}'),
)


def fallen(fields: dict[str, Any]) -> dict[str, Any]:
    return next(island for island in fields["islands"] if island["reset"])


def test_draws_and_resets_that_were_tampered_with_are_named(real: Path, tmp_path: Path) -> None:
    """One is changed in each of these ways; each is named, with what is wrong, and no other is."""
    ways = iter(TAMPERED.values())
    draws: dict[str, str] = {}
    resets: set[str] = set()

    def change(seq: int, type: str, fields: dict[str, Any]) -> None:
        if type == "island_reset" and fields["reset_id"] < len(RESETS):
            RESETS[fields["reset_id"]](fields)
            resets.add(f"reset {fields['reset_id']} (event {seq})")
        if type == "prompt_drawn" and fields["kind"] == "parents" and len(fields["parents"]) == 2:
            tamper, told = next(ways, (None, ""))
            if tamper:
                draws[f"draw {fields['draw_id']} (event {seq})"] = told
                tamper(fields)

    run_dir = rewritten(real, tmp_path / "run", change)
    assert (len(draws), len(resets)) == (len(TAMPERED), len(RESETS))
    with open_run(run_dir) as log, History(log) as history:
        found = replay_exactly(history)
    told_draws = [str(difference) for difference in found.draw_differences]
    assert {line.split(":")[0] for line in told_draws} == set(draws)
    for name, told in draws.items():
        assert any(line.startswith(name) and told in line for line in told_draws), name
    assert {str(difference).split(":")[0] for difference in found.reset_differences} == resets


def test_a_reset_that_was_left_out_is_noticed(real: Path, tmp_path: Path) -> None:
    """The run's policy asks for resets more often than the log has them."""

    def change(seq: int, type: str, fields: dict[str, Any]) -> None:
        if type == "run_started":
            fields["reset_policy_params"] = fields["reset_policy_params"].replace("20", "9")
        if type == "island_reset":
            fields["policy_params"] = fields["policy_params"].replace("20", "9")

    found = checks(rewritten(real, tmp_path / "run", change))
    assert "was due as of event" in "\n".join(found["resets"].problems)


def test_scores_that_were_tampered_with_change_the_draws(real: Path, tmp_path: Path) -> None:
    def change(seq: int, type: str, fields: dict[str, Any]) -> None:
        if type == "program_evaluated" and fields["score"] is not None:
            fields.update(score=-1.0)

    found = checks(rewritten(real, tmp_path / "run", change))
    assert not found["draws"].passed
    assert found["draws"].problems[0].startswith("draw ")
    assert "more" in found["draws"].problems[-1]
    assert found["files"].passed


def test_a_flipped_bit_is_found_and_what_stands_before_it_is_checked(real: Path, tmp_path: Path) -> None:
    copy = tmp_path / "run"
    log = hand_made(tmp_path)
    log.evaluated([-1.0, -2.0])
    for _ in range(12):
        log.evaluated([-3.0, -4.0], status="duplicate", sampler="seed")
    write(log, copy)
    damaged = read_files(copy)[1].path
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(data)
    found = checks(copy)
    assert not found["files"].passed
    assert damaged.name in found["files"].problems[0]
    assert found["files"].cure
    assert found["state"].passed
    assert "to event 4" in found["state"].summary


def test_a_log_without_its_beginning_is_told_and_nothing_more(real: Path, tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    for _ in range(12):
        log.evaluated([-3.0, -4.0])
    run_dir = write(log, tmp_path / "run")
    read_files(run_dir)[0].path.unlink()
    found = checks(run_dir)
    assert [found[name].passed for name in found] == [False, False]
    assert set(found) == {"files", "state"}


def test_a_directory_that_is_no_run_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no run"):
        list(verify(tmp_path))


def test_a_run_that_has_only_begun_passes(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([-1.0, -2.0])
    assert failed(write(log, tmp_path / "run")) == set()


def test_a_run_that_stopped_with_nothing_drawn_passes(tmp_path: Path) -> None:
    log = hand_made(tmp_path, islands=2)
    log.evaluated([-1.0, -2.0], 0)
    log.evaluated([-1.0, -2.0], 1)
    stopped(log)
    assert failed(write(log, tmp_path / "run")) == set()
