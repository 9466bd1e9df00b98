"""Names, listings, and which files count."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdb.errors import LogError
from fsdb.log import CommitFile, is_run, read_files
from fsdb.log.files import (
    commit_path,
    effective,
    gaps,
    list_once,
    list_settled,
    put_in_place,
    temporary_path,
)


def touch(run_dir: Path, *names: str) -> None:
    (run_dir / "events").mkdir(parents=True, exist_ok=True)
    for name in names:
        (run_dir / "events" / name).write_bytes(b"")


def ranges(files) -> list[tuple[int, int]]:
    return [(file.first_seq, file.last_seq) for file in files]


def file(first: int, last: int) -> CommitFile:
    return CommitFile(first, last, commit_path(Path(), first, last))


def test_a_name_says_the_range_in_twelve_digits(tmp_path: Path):
    assert commit_path(tmp_path, 0, 15).name == "000000000000-000000000015.parquet"
    assert commit_path(tmp_path, 16, 10**12 - 1).name == "000000000016-999999999999.parquet"
    touch(tmp_path, "000000000000-000000000015.parquet")
    assert ranges(read_files(tmp_path)) == [(0, 15)]
    assert read_files(tmp_path)[0].events == 16


@pytest.mark.parametrize(
    "name",
    [
        "0-15.parquet",
        "000000000015-000000000000.parquet",
        "000000000000-000000000015 (1).parquet",
        "copy of 000000000000-000000000015.parquet",
        "٠٠٠٠٠٠٠٠٠٠٠٠-000000000015.parquet",
        "part-0.parquet",
    ],
)
def test_other_parquet_files_are_misnamed(tmp_path: Path, name: str):
    touch(tmp_path, name)
    listing = list_once(tmp_path)
    assert [path.name for path in listing.misnamed] == [name]
    assert not listing.files


def test_files_that_are_not_parquet_are_left_alone(tmp_path: Path):
    touch(tmp_path, ".DS_Store", "notes.txt", "000000000000-000000000003.parquet.bak")
    listing = list_once(tmp_path)
    assert (listing.files, listing.misnamed, listing.temporary) == ((), (), ())


def test_a_temporary_file_is_told_from_a_commit(tmp_path: Path):
    final = commit_path(tmp_path, 0, 3)
    touch(tmp_path, temporary_path(final).name)
    assert list_once(tmp_path).temporary == (temporary_path(final),)
    assert not read_files(tmp_path)


def test_a_run_without_events_directory_has_no_files(tmp_path: Path):
    assert read_files(tmp_path) == []


def test_an_events_path_that_is_no_directory_is_an_error(tmp_path: Path):
    (tmp_path / "events").write_text("")
    with pytest.raises(LogError, match="cannot be listed"):
        read_files(tmp_path)


def test_is_run(tmp_path: Path):
    assert not is_run(tmp_path / "absent")
    assert not is_run(tmp_path)
    (tmp_path / "events").mkdir()
    assert not is_run(tmp_path)
    touch(tmp_path, "notes.txt")
    assert not is_run(tmp_path)
    touch(tmp_path, "damaged and misnamed.parquet")
    assert is_run(tmp_path)


def test_files_within_a_merged_one_do_not_count(tmp_path: Path):
    names = [commit_path(tmp_path, *pair).name for pair in [(0, 3), (4, 7), (0, 7), (8, 9), (8, 8)]]
    touch(tmp_path, *names)
    assert ranges(read_files(tmp_path)) == [(0, 7), (8, 9)]


def test_gaps_are_told_from_the_start_on():
    assert gaps([]) == []
    assert gaps([file(0, 3), file(4, 5)]) == []
    assert gaps([file(2, 3), file(4, 5), file(9, 9)]) == [(0, 1), (6, 8)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8)), max_size=15))
def test_effective_drops_exactly_what_lies_within_another(pairs: list[tuple[int, int]]):
    files = {file(first, first + length) for first, length in pairs}
    kept = effective(files)
    assert kept == sorted(kept)
    for each in files:
        within = [
            other
            for other in files
            if other != each and other.first_seq <= each.first_seq and each.last_seq <= other.last_seq
        ]
        assert (each in kept) == (not within)


def test_a_listing_with_a_gap_is_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A merge ends while the directory is read: that one listing shows a gap that the log never had."""
    touch(tmp_path, commit_path(tmp_path, 4, 7).name)

    def list_then_merge(run_dir: Path):
        listing = list_once(run_dir)
        touch(run_dir, commit_path(run_dir, 0, 7).name)
        return listing

    monkeypatch.setattr("fsdb.log.files.list_once", list_then_merge)
    assert ranges(effective(list_settled(tmp_path).files)) == [(0, 7)]


def test_a_gap_that_stays_is_told(tmp_path: Path):
    touch(tmp_path, commit_path(tmp_path, 4, 7).name)
    assert ranges(read_files(tmp_path)) == [(4, 7)]


def test_put_in_place_never_overwrites(tmp_path: Path):
    final = tmp_path / "000000000000-000000000000.parquet"
    final.write_bytes(b"old")
    temporary = temporary_path(final)
    temporary.write_bytes(b"new")
    with pytest.raises(FileExistsError):
        put_in_place(temporary, final)
    assert final.read_bytes() == b"old"


def test_put_in_place_moves_the_whole_file(tmp_path: Path):
    final = tmp_path / "000000000000-000000000000.parquet"
    temporary_path(final).write_bytes(b"new")
    put_in_place(temporary_path(final), final)
    assert [path.name for path in tmp_path.iterdir()] == [final.name]
    assert final.read_bytes() == b"new"
