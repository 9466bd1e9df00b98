"""Single events found in a log by their numbers, however its files are cut."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdb.log import LogWriter, look_up, read_files
from fsdb.log.files import commit_path
from tests.log.samples import OFTEN, RUN, append, expected_rows, write_log

COUNT = 60


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with a file of many row groups, and files of one commit after it."""
    run = write_log(tmp_path_factory.mktemp("log") / "run", [25, 15, 3, 17])
    files = read_files(run)
    table = pq.ParquetFile(files[0].path).read()
    pq.write_table(table, files[0].path, row_group_size=4)
    return run


def expected(seqs: list[int]) -> dict[int, object]:
    wanted = set(seqs)
    return {
        seq: fields["source"]
        for seq, type_, fields in expected_rows(COUNT)
        if seq in wanted and type_ == "program_evaluated"
    }


@settings(max_examples=50)
@given(st.lists(st.integers(-3, COUNT + 3)))
def test_what_is_asked_for_is_found_and_nothing_else(run: Path, seqs: list[int]) -> None:
    assert look_up(run, "program_evaluated", "source", seqs) == expected(seqs)


def test_events_of_a_log_that_is_written_and_merged_meanwhile(tmp_path: Path) -> None:
    writer = LogWriter.create(tmp_path / "run", RUN, merge=OFTEN)
    done = 0
    for commit in range(12):
        append(writer, commit + 1)
        writer.commit()
        done += commit + 1
        found = look_up(tmp_path / "run", "program_evaluated", "source", range(done))
        assert found == {
            seq: fields["source"]
            for seq, type_, fields in expected_rows(done)
            if type_ == "program_evaluated"
        }
    writer.close()


def test_another_log_in_the_same_place_is_another_log(tmp_path: Path) -> None:
    run = tmp_path / "run"
    for commits in ([5, 20], [5, 7, 13]):
        shutil.rmtree(run, ignore_errors=True)
        write_log(run, commits)
        assert commit_path(run, 0, 4).exists()
        found = look_up(run, "program_evaluated", "program_id", range(25))
        assert found == {
            seq: fields["program_id"]
            for seq, type_, fields in expected_rows(25)
            if type_ == "program_evaluated"
        }
