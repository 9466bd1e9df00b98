"""The seal: whatever bit of a file is flipped, it is noticed before a Parquet library sees it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdb.log.parquet import encode_commit, read_row_groups
from fsdb.log.seal import DamagedFile, check_seal, seal_file
from fsdb.schema import arrow_schema
from tests.log.samples import write_log

RECORD = 28


@pytest.fixture(scope="module")
def commit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of one commit."""
    run = write_log(tmp_path_factory.mktemp("seal") / "run", [40])
    (path,) = (run / "events").iterdir()
    return path


def footer_start(data: bytes) -> int:
    return len(data) - 8 - int.from_bytes(data[-8:-4], "little")


def test_a_whole_file_passes(commit: Path):
    check_seal(commit)
    check_seal(commit, contents=True)


@given(data=st.data())
def test_a_flipped_bit_is_noticed(
    commit: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    """Anywhere in the file; only the mark itself may go, and then the file is one without a seal."""
    whole = commit.read_bytes()
    flipped = bytearray(whole)
    position = data.draw(st.integers(0, len(whole) - 1) | st.integers(footer_start(whole), len(whole) - 1))
    flipped[position] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path_factory.getbasetemp() / "flipped.parquet"
    path.write_bytes(flipped)
    start = footer_start(whole)
    if start - RECORD <= position < start - RECORD + 16:
        assert list(read_row_groups(path)) == list(read_row_groups(commit))
        return
    with pytest.raises(DamagedFile):
        check_seal(path, contents=True)
    if position >= start:
        with pytest.raises(DamagedFile):
            check_seal(path)


@given(st.data())
def test_a_cut_off_file_is_noticed(
    commit: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    whole = commit.read_bytes()
    path = tmp_path_factory.getbasetemp() / "cut.parquet"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(DamagedFile):
        check_seal(path)


def test_garbage_of_any_length_is_noticed(tmp_path: Path):
    path = tmp_path / "garbage.parquet"
    for content in (b"PAR1", b"PAR1PAR1", b"PAR1\xff\xff\xff\xffPAR1", b"PAR1\0\0\0\0PAR", b"x" * 100):
        path.write_bytes(content)
        with pytest.raises(DamagedFile):
            check_seal(path)


def test_sealing_in_place_gives_the_same_bytes_as_sealing_in_memory(tmp_path: Path):
    table = arrow_schema().empty_table()
    whole = encode_commit(table)
    start = footer_start(whole)
    path = tmp_path / "file.parquet"
    path.write_bytes(whole[: start - RECORD] + whole[start:])
    seal_file(path)
    assert path.read_bytes() == whole


def test_a_footer_longer_than_the_first_look_is_checked(tmp_path: Path):
    path = tmp_path / "file.parquet"
    table = arrow_schema().empty_table()
    pq.write_table(table.replace_schema_metadata({"long": "x" * 200_000}), path)
    seal_file(path)
    check_seal(path, contents=True)
    data = bytearray(path.read_bytes())
    data[footer_start(data) + 5] ^= 4
    path.write_bytes(data)
    with pytest.raises(DamagedFile, match="footer"):
        check_seal(path)


def test_a_file_without_a_seal_passes(tmp_path: Path):
    path = tmp_path / "file.parquet"
    pq.write_table(arrow_schema().empty_table(), path)
    check_seal(path, contents=True)


def test_an_absent_file_is_not_damaged(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        check_seal(tmp_path / "absent.parquet")
