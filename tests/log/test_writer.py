"""The writer: what is acknowledged, what is refused, and how a log is taken up again."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fsdb.errors import LogError
from fsdb.log import LogWriter, read_files, scan
from fsdb.log.files import commit_path, temporary_path
from fsdb.log.merge import merge
from tests.log.samples import OFTEN, RUN, append, event_at, expected_rows, file_names, rows, write_log

ROOT = Path(__file__).parents[2]


def test_an_event_is_in_the_log_once_it_is_committed(tmp_path: Path):
    run = tmp_path / "runs" / "new"
    with LogWriter.create(run, RUN) as writer:
        assert (writer.run_id, writer.next_seq, writer.pending) == (RUN, 0, 0)
        assert [writer.append(*event_at(seq)) for seq in range(3)] == [0, 1, 2]
        assert (writer.next_seq, writer.pending) == (3, 3)
        assert file_names(run) == []
        table = writer.commit()
        assert table is not None
        assert table.column("seq").to_pylist() == [0, 1, 2]
        assert (writer.next_seq, writer.pending) == (3, 0)
        assert file_names(run) == ["000000000000-000000000002.parquet"]
        assert rows(run) == expected_rows(3)


def test_a_commit_of_nothing_writes_nothing(tmp_path: Path):
    with LogWriter.create(tmp_path / "run", RUN) as writer:
        assert writer.commit() is None
    assert file_names(tmp_path / "run") == []


def test_closing_commits_nothing(tmp_path: Path):
    run = write_log(tmp_path / "run", [2])
    with LogWriter.open(run, merge=False) as writer:
        append(writer, 5)
    assert rows(run) == expected_rows(2)


def test_a_refused_event_has_no_seq(tmp_path: Path):
    with LogWriter.create(tmp_path / "run", RUN) as writer:
        with pytest.raises(ValueError, match="missing"):
            writer.append("run_stopped", {})
        assert (writer.next_seq, writer.pending) == (0, 0)
        assert writer.append(*event_at(0)) == 0


def test_a_commit_is_due_after_enough_events_or_time(tmp_path: Path):
    with LogWriter.create(tmp_path / "run", RUN, commit_events=3, commit_seconds=3600) as writer:
        assert not writer.due()
        append(writer, 2)
        assert not writer.due()
        append(writer, 1)
        assert writer.due()
        writer.commit()
        assert not writer.due()
    with LogWriter.open(tmp_path / "run", commit_events=1000, commit_seconds=0) as writer:
        assert not writer.due()
        append(writer, 1)
        assert writer.due()


def test_a_commit_is_due_when_much_text_waits(tmp_path: Path):
    with LogWriter.create(tmp_path / "run", RUN, commit_events=1000, commit_seconds=3600) as writer:
        writer.append("run_started", event_at(0)[1] | {"specification": "x" * 2**25})
        assert writer.due()
        writer.commit()
        assert not writer.due()


def test_a_log_is_taken_up_where_it_ended(tmp_path: Path):
    run = write_log(tmp_path / "run", [2, 3])
    for count in (1, 4):
        with LogWriter.open(run, merge=False) as writer:
            assert writer.run_id == RUN
            append(writer, count)
            writer.commit()
    assert rows(run) == expected_rows(10)


def test_create_refuses_a_directory_that_holds_a_log(tmp_path: Path):
    run = write_log(tmp_path / "run", [2])
    with pytest.raises(LogError, match="holds a log already") as caught:
        LogWriter.create(run, RUN)
    assert caught.value.cure
    assert rows(run) == expected_rows(2)


def test_create_goes_on_in_a_directory_where_nothing_was_committed(tmp_path: Path):
    run = tmp_path / "run"
    LogWriter.create(run, "first").close()
    temporary_path(commit_path(run, 0, 3)).write_bytes(b"half a commit")
    with LogWriter.create(run, RUN) as writer:
        append(writer, 1)
        writer.commit()
    assert file_names(run) == [commit_path(run, 0, 0).name]


def test_create_where_no_directory_can_be_made(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LogError, match="cannot be made") as caught:
        LogWriter.create(tmp_path / "file" / "run", RUN)
    assert caught.value.cure


def test_open_needs_a_run(tmp_path: Path):
    with pytest.raises(LogError, match="There is no run") as caught:
        LogWriter.open(tmp_path)
    assert caught.value.cure
    assert list(tmp_path.iterdir()) == []


def test_open_needs_an_event(tmp_path: Path):
    LogWriter.create(tmp_path / "run", RUN).close()
    with pytest.raises(LogError, match="never began"):
        LogWriter.open(tmp_path / "run")


def test_a_closed_writer_takes_nothing(tmp_path: Path):
    writer = LogWriter.create(tmp_path / "run", RUN)
    writer.close()
    writer.close()
    with pytest.raises(LogError, match="closed"):
        writer.append(*event_at(0))
    with pytest.raises(LogError, match="closed"):
        writer.commit()


def test_commits_are_the_files_and_their_events_stay_together(tmp_path: Path):
    run = write_log(tmp_path / "run", [1, 300, 2])
    assert [(file.first_seq, file.last_seq) for file in read_files(run)] == [(0, 0), (1, 300), (301, 302)]


def test_events_may_be_appended_while_another_thread_commits(tmp_path: Path):
    run = tmp_path / "run"
    with LogWriter.create(run, RUN, merge=OFTEN) as writer:
        done = threading.Event()

        def commit() -> None:
            while not done.is_set():
                writer.commit()

        threads = [threading.Thread(target=commit) for _ in range(2)]
        for thread in threads:
            thread.start()
        append(writer, 3000)
        done.set()
        for thread in threads:
            thread.join()
        writer.commit()
    assert rows(run) == expected_rows(3000)


LIMITED = """
import resource, sys
from pathlib import Path
from fsdb.errors import LogError
from fsdb.log import LogWriter
from tests.log.samples import append
with LogWriter.open(Path(sys.argv[1]), merge=False) as writer:
    append(writer, 1)
    writer.commit()
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    append(writer, 4)
    for _ in range(2):
        try:
            writer.commit()
        except LogError as error:
            print(error.message, "|", error.cure)
    try:
        append(writer, 1)
    except LogError as error:
        print("append:", error.message)
"""


def test_a_commit_that_does_not_fit_leaves_nothing_and_ends_the_writer(tmp_path: Path):
    """A file-size limit stands in for a full disk: the kernel refuses the write half way."""
    run = write_log(tmp_path / "run", [5])
    command = [sys.executable, "-c", LIMITED, str(run)]
    said = subprocess.check_output(command, text=True, cwd=ROOT).splitlines()
    assert len(said) == 3
    assert "Events 6 to 9 could not be written" in said[0]
    assert "room on the disk" in said[0]
    assert said[1] == said[0]
    assert said[2].startswith("append: Events 6 to 9")
    assert file_names(run) == [commit_path(run, 0, 4).name, commit_path(run, 5, 5).name]
    with LogWriter.open(run, merge=False) as writer:
        append(writer, 2)
        writer.commit()
    assert rows(run) == expected_rows(8)


def test_a_commit_never_overwrites_a_file(tmp_path: Path):
    run = tmp_path / "run"
    with LogWriter.create(run, RUN) as writer:
        append(writer, 2)
        commit_path(run, 0, 1).write_bytes(b"somebody's")
        with pytest.raises(LogError, match="there already"):
            writer.commit()
    assert commit_path(run, 0, 1).read_bytes() == b"somebody's"


@pytest.mark.parametrize("inputs_left", [0, 1, 3, 4])
def test_open_finishes_a_merge_whose_writer_died(tmp_path: Path, inputs_left: int):
    run = write_log(tmp_path / "run", [2, 3, 4, 5, 6])
    files = read_files(run)[:4]
    result = merge(run, files, OFTEN)
    for file in files[inputs_left:]:
        file.path.unlink()
    assert rows(run) == expected_rows(20)
    assert len(scan(run).superseded) == inputs_left
    with LogWriter.open(run, merge=False) as writer:
        assert writer.next_seq == 20
    assert file_names(run) == [result.file.path.name, commit_path(run, 14, 19).name]


def test_open_undoes_a_merge_that_was_half_written(tmp_path: Path):
    run = write_log(tmp_path / "run", [2, 3, 4])
    names = file_names(run)
    temporary_path(commit_path(run, 0, 8)).write_bytes(b"PAR1 half a merge")
    assert rows(run) == expected_rows(9)
    LogWriter.open(run, merge=False).close()
    assert file_names(run) == names


def test_open_keeps_the_inputs_of_a_merged_file_that_is_damaged_inside(tmp_path: Path):
    run = write_log(tmp_path / "run", [2, 3, 4])
    result = merge(run, read_files(run), OFTEN)
    data = bytearray(result.file.path.read_bytes())
    data[len(data) // 4] ^= 16
    result.file.path.write_bytes(data)
    names = file_names(run)
    with pytest.raises(LogError, match=result.file.path.name) as caught:
        LogWriter.open(run)
    assert f"out of {run / 'events'}" in caught.value.cure
    assert file_names(run) == names
    result.file.path.rename(tmp_path / "aside.parquet")  # as the cure says
    LogWriter.open(run, merge=False).close()
    assert rows(run) == expected_rows(9)


def test_open_leaves_files_alone_that_are_not_the_writers(tmp_path: Path):
    run = write_log(tmp_path / "run", [2])
    for name in ("notes.txt", ".hidden.tmp", "000000000000-000000000001.parquet.tmp"):
        (run / "events" / name).write_text("mine")
    before = file_names(run)
    LogWriter.open(run, merge=False).close()
    assert file_names(run) == before


def test_an_opened_log_keeps_its_files_until_the_first_commit(tmp_path: Path):
    """So that a search can load the log that it goes on with."""
    run = write_log(tmp_path / "run", [1] * 12)
    before = file_names(run)
    with LogWriter.open(run, merge=OFTEN) as writer:
        time.sleep(0.05)
        assert file_names(run) == before
        append(writer, 1)
        writer.commit()
    assert len(file_names(run)) == 1


EXITS = """
import sys
from pathlib import Path
from fsdb.log import LogWriter
from tests.log.samples import OFTEN, RUN, append
writer = LogWriter.create(Path(sys.argv[1]), RUN, merge=OFTEN)
for _ in range(30):
    append(writer, 20)
    writer.commit()
print("ends without closing")
"""


def test_a_process_that_ends_without_closing_ends_cleanly(tmp_path: Path):
    """The merging thread neither holds the process up nor brings it down."""
    for index in range(2):
        run = tmp_path / f"run{index}"
        command = [sys.executable, "-c", EXITS, str(run)]
        ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ends without closing\n", "")
        assert rows(run) == expected_rows(600)


def test_a_forked_child_cannot_write(tmp_path: Path):
    run = tmp_path / "run"
    with LogWriter.create(run, RUN, merge=False) as writer:
        append(writer, 2)
        child = os.fork()
        if child == 0:
            try:
                writer.commit()
            except LogError:
                os._exit(7)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        writer.commit()
    assert rows(run) == expected_rows(2)


def test_recorded_at_is_now_in_utc(tmp_path: Path):
    before = time.time()
    with LogWriter.create(tmp_path / "run", RUN) as writer:
        append(writer, 1)
        table = writer.commit()
    assert table is not None
    (recorded,) = table.column("recorded_at").cast("int64").to_pylist()
    assert before - 1 <= recorded / 1e6 <= time.time() + 1
