"""What PROTOCOL.md promises of a log, kept by every way in which a log can come about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fsdb import schema
from fsdb.log import LogState, LogWriter, read_events, read_files, scan
from fsdb.log.merge import merge
from fsdb.log.seal import check_seal
from tests.log.samples import OFTEN, RUN, append, expected_rows, rows, write_log

EVENTS = 150


def committed(run: Path) -> None:
    write_log(run, [1, 9, 40, 100])


def merged_while_written(run: Path) -> None:
    write_log(run, [5] * 30, merge=OFTEN)


def reopened(run: Path) -> None:
    write_log(run, [50])
    for _ in range(2):
        with LogWriter.open(run, merge=OFTEN) as writer:
            for _ in range(5):
                append(writer, 10)
                writer.commit()


def half_merged(run: Path) -> None:
    write_log(run, [30] * 5)
    files = read_files(run)
    merge(run, files[1:4], OFTEN)
    files[2].path.unlink()


def written_by_another_program(run: Path) -> None:
    """With a Parquet library's defaults: other encodings, no seal, many row groups."""
    write_log(run, [50, 100])
    for file in read_files(run):
        pq.write_table(pq.ParquetFile(file.path).read(), file.path, row_group_size=7)


def without_statistics(run: Path) -> None:
    write_log(run, [50, 100])
    for file in read_files(run):
        pq.write_table(pq.ParquetFile(file.path).read(), file.path, write_statistics=False)


MAKERS = [
    committed,
    merged_while_written,
    reopened,
    half_merged,
    written_by_another_program,
    without_statistics,
]


@pytest.fixture(scope="module", params=MAKERS, ids=lambda maker: maker.__name__)
def maker(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    return request.param


@pytest.fixture(scope="module")
def run(maker: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contract") / "run"
    maker(path)
    return path


@pytest.fixture(scope="module")
def state(run: Path) -> LogState:
    return scan(run, check=True)


def test_it_is_whole(state: LogState):
    assert state.damages == ()
    assert (state.run_id, state.events, state.next_seq) == (RUN, EVENTS, EVENTS)


def test_the_files_that_count_follow_one_another(run: Path, state: LogState):
    assert list(state.files) == read_files(run)
    assert state.files[0].first_seq == 0
    for before, file in zip(state.files, state.files[1:], strict=False):
        assert file.first_seq == before.last_seq + 1


def test_every_event_is_there_once_in_order(run: Path):
    assert rows(run) == expected_rows(EVENTS)


def test_a_file_holds_what_its_name_says_in_the_definitions_columns(state: LogState):
    for file in state.files:
        table = pq.ParquetFile(file.path).read()
        assert table.schema.equals(schema.arrow_schema())
        assert table.column("seq").to_pylist() == list(range(file.first_seq, file.last_seq + 1))
        assert set(table.column("run_id").to_pylist()) == {RUN}
        assert set(table.column("schema_version").to_pylist()) == {schema.SCHEMA_VERSION}


def test_an_event_has_the_struct_of_its_type_alone(run: Path):
    for table in read_events(run):
        for row in table.to_pylist():
            assert [name for name in schema.event_types() if row[name] is not None] == [row["type"]]


def test_a_writer_goes_on_with_it(maker: Callable[[Path], None], tmp_path: Path):
    run = tmp_path / "run"
    maker(run)
    with LogWriter.open(run, merge=OFTEN) as writer:
        assert (writer.run_id, writer.next_seq) == (RUN, EVENTS)
        append(writer, 3)
        writer.commit()
    assert rows(run) == expected_rows(EVENTS + 3)
    (file,) = scan(run).files
    check_seal(file.path, contents=True)
