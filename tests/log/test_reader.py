"""Reading: what can be read is read, what is damaged is named with its cure, nothing is changed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fsdb import schema
from fsdb.errors import LogError
from fsdb.log import LogState, LogWriter, read_events, read_files, scan, with_files
from fsdb.log.files import commit_path
from fsdb.log.merge import merge
from fsdb.log.parquet import conform
from tests.log.samples import OFTEN, RUN, append, expected_rows, rows, write_log

COMMITS = [3, 4, 5, 6]
RANGES = [(0, 2), (3, 6), (7, 11), (12, 17)]
EVENTS = sum(COMMITS)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_log(tmp_path_factory.mktemp("template") / "run", COMMITS)


@pytest.fixture
def run(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "run")


def contents(run: Path) -> dict[str, bytes | None]:
    return {path.name: path.read_bytes() if path.is_file() else None for path in (run / "events").iterdir()}


def seqs(state: LogState) -> list[int]:
    return [seq for file in state.files for seq in range(file.first_seq, file.last_seq + 1)]


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table], to: Path | None = None) -> None:
    """Write a file anew with other contents, as any program with a Parquet library would."""
    pq.write_table(change(pq.ParquetFile(path).read()), to or path)


def replace(table: pa.Table, column: str, values: object) -> pa.Table:
    index = table.column_names.index(column)
    return table.set_column(
        index, table.schema.field(index), [pa.array(values, table.schema.field(index).type)]
    )


def test_a_whole_log(run: Path):
    for check in (False, True):
        state = scan(run, check=check)
        assert state.whole
        assert (state.run_id, state.events, state.next_seq) == (RUN, EVENTS, EVENTS)
        assert [(file.first_seq, file.last_seq) for file in state.files] == RANGES
        assert state.prefix == state.files
        assert (state.superseded, state.temporary) == ((), ())
        state.require_whole()
    assert rows(run) == expected_rows(EVENTS)


def test_a_log_without_events_is_whole_and_empty(tmp_path: Path):
    LogWriter.create(tmp_path / "run", RUN).close()
    state = scan(tmp_path / "run", check=True)
    assert state.whole
    assert (state.run_id, state.events, state.next_seq, state.prefix) == (None, 0, 0, ())


def test_a_directory_that_is_no_run(tmp_path: Path):
    with pytest.raises(LogError, match="There is no run") as caught:
        scan(tmp_path / "absent")
    assert caught.value.cure


# Each kind of damage: what is done to the file of the events 7 to 11, and what must be said of it.
def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _overwritten(path: Path) -> None:
    path.write_bytes(b"<html>" + path.read_bytes()[6:])


def _footer_broken(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-200] ^= 32
    path.write_bytes(data)


def _footer_length_broken(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-7] ^= 1
    path.write_bytes(data)


def _footer_length_absurd(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-8] + b"\xff\xff\xff\x7fPAR1")


def _footer_garbage(path: Path) -> None:
    path.write_bytes(b"PAR1" + b"\x15\x99" * 50 + (100).to_bytes(4, "little") + b"PAR1")


def _a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _another_commits(path: Path) -> None:
    path.write_bytes(commit_path(path.parents[1], 3, 6).read_bytes())


def _foreign(path: Path) -> None:
    rewrite(path, lambda table: replace(table, "run_id", ["other"] * len(table)))


def _two_runs(path: Path) -> None:
    rewrite(path, lambda table: replace(table, "run_id", [RUN, "other", RUN, RUN, RUN]))


def _no_log(path: Path) -> None:
    pq.write_table(pa.table({"seq": ["7", "11"], "x": [1, 2]}), path)


def _no_rows(path: Path) -> None:
    rewrite(path, lambda table: table.slice(0, 0))


def _column_lost(path: Path) -> None:
    rewrite(path, lambda table: table.drop_columns(["run_stopped"]))


def _column_added(path: Path) -> None:
    rewrite(path, lambda table: table.append_column("island_lost", pa.nulls(len(table), pa.int64())))


def _seqs_with_a_gap(path: Path) -> None:
    rewrite(path, lambda table: replace(table, "seq", [6, 8, 9, 10, 11]))


def _seqs_null(path: Path) -> None:
    rewrite(path, lambda table: replace(table, "seq", [None] * 5))


DAMAGE = {
    _cut_off: "is cut off",
    _emptied: "is empty",
    _overwritten: "does not begin like a Parquet file",
    _footer_broken: "damaged footer",
    _footer_length_broken: "damaged ending",
    _footer_length_absurd: "damaged ending",
    _footer_garbage: "footer that cannot be read",
    _a_directory: "cannot be read",
    _another_commits: "holds the events 3 to 6, not those that its name says",
    _foreign: f"belongs to the run other; this log is that of {RUN}",
    _two_runs: "mixes events of the runs",
    _no_log: "is not a file of a log",
    _no_rows: "holds no events",
    _column_lost: "lacks the column run_stopped",
    _column_added: "has a column that version 2 of the log does not: island_lost",
    _seqs_with_a_gap: "without a gap",
    _seqs_null: "footer that cannot be read",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__.strip("_"))
def test_a_damaged_file_is_named_and_the_rest_is_read(run: Path, damage: Callable[[Path], None]):
    path = commit_path(run, 7, 11)
    damage(path)
    state = scan(run)
    (found,) = state.damages
    assert found.file == path.name
    assert DAMAGE[damage] in found.what
    assert found.cure == (
        "Restore it from a copy, or go on from event 7 by moving it and every later file "
        f"out of {run / 'events'}."
    )
    assert seqs(state) == [*range(7), *range(12, 18)]
    assert [file.last_seq for file in state.prefix] == [2, 6]
    assert rows(run) == [row for row in expected_rows(EVENTS) if not 7 <= row[0] <= 11]
    with pytest.raises(LogError) as caught:
        state.require_whole()
    assert path.name in caught.value.message
    assert caught.value.cure == found.cure


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__.strip("_"))
def test_a_writer_refuses_a_damaged_log_and_changes_nothing(run: Path, damage: Callable[[Path], None]):
    path = commit_path(run, 7, 11)
    damage(path)
    before = contents(run)
    with pytest.raises(LogError) as caught:
        LogWriter.open(run)
    assert path.name in caught.value.message
    assert contents(run) == before
    # The cure is followed to the letter, and the run goes on from what stood before the damage.
    for later in (path, commit_path(run, 12, 17)):
        later.rename(run / later.name)
    with LogWriter.open(run, merge=False) as writer:
        assert writer.next_seq == 7
        append(writer, 3)
        writer.commit()
    assert rows(run) == expected_rows(10)


def test_damage_at_the_end_loses_only_the_end(run: Path):
    _cut_off(commit_path(run, 12, 17))
    (found,) = scan(run).damages
    assert found.cure == (
        f"Restore it from a copy, or go on from event 12 by moving it out of {run / 'events'}."
    )


def test_damage_at_the_start_cannot_be_gone_on_from(run: Path):
    _cut_off(commit_path(run, 0, 2))
    state = scan(run)
    (found,) = state.damages
    assert found.cure == "Restore it from a copy; a log without its first events cannot be continued."
    assert state.run_id == RUN
    assert state.prefix == ()


def test_a_gap_in_the_middle(run: Path):
    commit_path(run, 3, 6).unlink()
    state = scan(run)
    (found,) = state.damages
    assert found.file == commit_path(run, 7, 11).name
    assert found.what == "follows a gap: no file holds the events 3 to 6"
    assert "go on from event 3 by moving 000000000007-000000000011.parquet and every later" in found.cure
    assert seqs(state) == [*range(3), *range(7, 18)]
    with pytest.raises(LogError, match="follows a gap"):
        LogWriter.open(run)


def test_a_log_without_its_start(run: Path):
    commit_path(run, 0, 2).unlink()
    (found,) = scan(run).damages
    assert found.what == "follows a gap: no file holds the events 0 to 2"
    assert found.cure == "Restore the missing files from a copy."


def test_a_gap_before_a_damaged_last_file(run: Path):
    commit_path(run, 7, 11).unlink()
    _emptied(commit_path(run, 12, 17))
    found = scan(run).damages
    assert [damage.file for damage in found] == [commit_path(run, 12, 17).name] * 2
    assert {damage.what for damage in found} == {
        "is empty",
        "follows a gap: no file holds the events 7 to 11",
    }


def test_a_renamed_file_is_told_its_name(run: Path):
    path = commit_path(run, 12, 17)
    path.rename(path.with_name("last.parquet"))
    state = scan(run)
    (found,) = state.damages
    assert found.file == "last.parquet"
    assert f"name it {path.name} again" in found.cure
    assert seqs(state) == list(range(12))
    with pytest.raises(LogError, match=r"last\.parquet is not named"):
        LogWriter.open(run)
    path.with_name("last.parquet").rename(path)
    assert scan(run).whole


def test_a_stray_parquet_file_is_to_be_moved(run: Path):
    (run / "events" / "x.parquet").write_bytes(b"?")
    (found,) = scan(run).damages
    assert found.cure == f"Move it out of {run / 'events'}."


def test_files_that_overlap(run: Path):
    rewrite(
        commit_path(run, 7, 11),
        lambda table: replace(table, "seq", list(range(5, 10))),
        to=commit_path(run, 5, 9),
    )
    state = scan(run)
    (found,) = state.damages
    assert found.file == commit_path(run, 5, 9).name
    assert "overlaps 000000000003-000000000006.parquet: both claim the events 5 to 6" in found.what
    assert found.cure == f"All its events stand in other files: move it out of {run / 'events'}."
    assert rows(run) == expected_rows(EVENTS)


def test_a_damaged_merged_file_gives_way_to_its_inputs(run: Path):
    result = merge(run, read_files(run)[1:3], OFTEN)
    _cut_off(result.file.path)
    state = scan(run)
    (found,) = state.damages
    assert found.file == result.file.path.name
    assert found.cure == f"All its events stand in other files: move it out of {run / 'events'}."
    assert rows(run) == expected_rows(EVENTS)


def test_damage_within_the_events_shows_when_they_are_read(run: Path):
    path = commit_path(run, 7, 11)
    data = bytearray(path.read_bytes())
    data[100] ^= 4
    path.write_bytes(data)
    assert scan(run).whole
    (found,) = scan(run, check=True).damages
    assert str(found) == f"{path.name} is damaged: its checksum does not hold"
    events = read_events(run)
    assert [len(next(events)) for _ in range(2)] == [3, 4]
    with pytest.raises(LogError, match=path.name):
        next(events)


def _check_finds(run: Path, what: str) -> None:
    assert scan(run).whole
    (found,) = scan(run, check=True).damages
    assert what in found.what


def test_check_finds_events_out_of_order(run: Path):
    rewrite(commit_path(run, 7, 11), lambda table: replace(table, "seq", [7, 9, 8, 10, 11]))
    _check_finds(run, "holds seq 9 where event 8 belongs")


def test_check_finds_the_wrong_struct(run: Path):
    rewrite(commit_path(run, 7, 11), lambda table: replace(table, "type", ["run_resumed"] * 5))
    _check_finds(run, "with other fields than its type has")


def test_check_finds_an_unknown_type(run: Path):
    path = commit_path(run, 7, 11)

    def strip(table: pa.Table) -> pa.Table:
        for name in schema.event_types():
            table = replace(table, name, [None] * 5)
        return replace(table, "type", ["island_sunk"] * 5)

    rewrite(path, strip)
    _check_finds(run, "holds event 7 of an unknown type")


def test_check_finds_a_second_start(tmp_path: Path):
    run = tmp_path / "run"
    with LogWriter.create(run, RUN, merge=False) as writer:
        append(writer, 2)
        writer.append("run_started", dict(rows_fields(0)))
        writer.commit()
    _check_finds(run, "holds event 2 out of place")


def rows_fields(seq: int) -> dict[str, object]:
    return expected_rows(seq + 1)[seq][2]


def test_a_newer_version_is_refused_by_readers_and_writers(run: Path):
    newer = schema.SCHEMA_VERSION + 1

    def upgrade(table: pa.Table) -> pa.Table:
        table = table.append_column("island_sunk", pa.nulls(len(table), pa.int64()))
        return replace(table, "schema_version", [newer] * len(table))

    rewrite(commit_path(run, 12, 17), upgrade)
    for attempt in (scan, LogWriter.open, lambda path: list(read_events(path))):
        with pytest.raises(LogError) as caught:
            attempt(run)
        assert f"version {newer}" in caught.value.message
        assert f"up to {schema.SCHEMA_VERSION}" in caught.value.message
        assert "Upgrade fsdb" in caught.value.cure


def _older(table: pa.Table) -> pa.Table:
    """The table as a former version might have written it: without an event type and without a field."""
    evaluated = table.column("program_evaluated").combine_chunks()
    without = pa.struct([field for field in evaluated.type if field.name != "sandbox_level"])
    index = table.column_names.index("program_evaluated")
    table = table.set_column(index, "program_evaluated", evaluated.cast(without))
    return replace(table.drop_columns(["run_stopped"]), "schema_version", [0] * len(table))


@pytest.fixture
def older_run(run: Path) -> Path:
    """A log whose first commits are of an older version, and hold none of the events that it lacks."""
    for first, last in RANGES[:2]:
        rewrite(commit_path(run, first, last), _older)
    return run


def test_an_older_version_is_read_with_nulls(older_run: Path):
    assert scan(older_run).whole
    for table in read_events(older_run):
        assert table.schema.equals(schema.arrow_schema())
    expected = expected_rows(EVENTS)
    for seq, type_, fields in rows(older_run):
        if type_ == "program_evaluated" and seq <= 6:
            assert fields["sandbox_level"] is None
            assert fields == expected[seq][2] | {"sandbox_level": None}
        elif seq > 6 or type_ != "run_stopped":
            assert (seq, type_, fields) == expected[seq]


def test_an_older_version_is_merged_with_the_new(older_run: Path):
    before = pa.concat_tables(read_events(older_run))
    with LogWriter.open(older_run, merge=OFTEN):
        pass
    (path,) = (older_run / "events").iterdir()
    assert pa.concat_tables(read_events(older_run)).equals(before)
    assert set(before.column("schema_version").to_pylist()) == {0, schema.SCHEMA_VERSION}
    assert pq.read_schema(path).equals(schema.arrow_schema())


def test_an_older_version_has_no_columns_that_nobody_knows(run: Path):
    rewrite(
        commit_path(run, 7, 11),
        lambda table: _older(table).append_column("island_sunk", pa.nulls(len(table), pa.int64())),
    )
    assert "version 0 of the log does not: island_sunk" in scan(run).damages[0].what


def test_conform_puts_columns_in_the_definitions_order(run: Path):
    table = next(read_events(run))
    assert conform(table.select(table.column_names[::-1])).equals(table)


def test_events_are_read_from_any_place_on(run: Path):
    for after in range(-1, EVENTS):
        found = [seq for table in read_events(run, after=after) for seq in table.column("seq").to_pylist()]
        assert found == list(range(after + 1, EVENTS))


def test_a_reader_bears_that_a_merge_takes_its_files_away(run: Path):
    events = read_events(run)
    first = next(events)
    files = read_files(run)
    merge(run, files, OFTEN)
    for file in files:
        file.path.unlink()
    found = [seq for table in [first, *events] for seq in table.column("seq").to_pylist()]
    assert found == list(range(EVENTS))


def test_with_files_reads_again_what_a_merge_took_away(run: Path):
    calls = []

    def count(files) -> int:
        calls.append(files)
        if len(calls) == 1:
            merge(run, files, OFTEN)
            for file in files:
                file.path.unlink()
        paths = [str(file.path) for file in files]
        (counted,) = duckdb.connect().execute("select count(*) from read_parquet($1)", [paths]).fetchone()
        return counted

    assert with_files(run, count) == EVENTS
    assert [len(files) for files in calls] == [4, 1]


def test_with_files_raises_what_is_not_a_merges_doing(run: Path):
    def fail(files) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        with_files(run, fail)


def test_readers_see_every_commit_whole_while_the_log_is_written_and_merged(tmp_path: Path):
    """Readers race a writer that merges all the time; what each sees is a log cut after some commit."""
    run = tmp_path / "run"
    ends = {0}
    stop = threading.Event()
    seen: list[tuple[int, int]] = []
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                state = scan(run)
                assert state.whole, state.damages
                found = rows(run)
                assert found == expected_rows(len(found))
                seen.append((state.events, len(found)))
        except BaseException as error:
            failures.append(error)

    with LogWriter.create(run, RUN, merge=OFTEN) as writer:
        append(writer, 1)
        writer.commit()
        ends.add(1)
        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        for index in range(30):
            append(writer, 1 + index % 7)
            writer.commit()
            ends.add(writer.next_seq)
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert seen
    assert {events for pair in seen for events in pair} <= ends
    assert rows(run) == expected_rows(writer.next_seq)
