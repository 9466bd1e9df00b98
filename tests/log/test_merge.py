"""Merging: few files in the end, the same events at every moment, no event written again for ever."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdb.log import CommitFile, LogWriter, MergePolicy, read_files, scan
from fsdb.log.files import commit_path, effective, temporary_path
from fsdb.log.merge import SizedFile, merge, plan
from fsdb.log.seal import DamagedFile
from tests.log.samples import OFTEN, RUN, append, expected_rows, file_names, rows, write_log

TIERS = MergePolicy(files=8, small_events=64, large_events=512, large_bytes=10**6)


def sized(first: int, events: int, size: int | None = None) -> SizedFile:
    last = first + events - 1
    return SizedFile(CommitFile(first, last, commit_path(Path(), first, last)), size or events * 100)


class Simulation:
    """The files of a log as merging goes on, without a disk, and how much merging wrote."""

    def __init__(self, policy: MergePolicy) -> None:
        self.policy = policy
        self.files: list[SizedFile] = []
        self.written: dict[int, int] = {}
        self.next_seq = 0

    def commit(self, events: int) -> None:
        self.files.append(sized(self.next_seq, events))
        self.next_seq += events
        self.settle()

    def settle(self, *, final: bool = False) -> None:
        while group := plan(self.files, self.policy, final=final):
            assert len(group) > 1
            start = self.files.index(group[0])
            assert self.files[start : start + len(group)] == group
            first, last = group[0].file.first_seq, group[-1].file.last_seq
            for seq in range(first, last + 1):
                self.written[seq] = self.written.get(seq, 0) + 1
            self.files[start : start + len(group)] = [sized(first, last - first + 1)]


@pytest.mark.parametrize("events", [1, 3, 16, 64, 200, 1000])
def test_files_stay_few_whatever_the_size_of_commits(events: int):
    simulation = Simulation(TIERS)
    for _ in range(20_000 // events):
        simulation.commit(events)
        large = simulation.next_seq / TIERS.large_events
        assert len(simulation.files) <= large + TIERS.large_events / TIERS.small_events + TIERS.files


def test_a_million_events_stand_in_less_than_two_hundred_files():
    simulation = Simulation(MergePolicy())
    simulation.written = _Uncounted()
    most = 0
    for _ in range(1_000_000 // 100):
        simulation.commit(100)
        most = max(most, len(simulation.files))
    assert most < 200
    simulation.settle(final=True)
    assert len(simulation.files) < 20


class _Uncounted(dict[int, int]):
    """Counts nothing, where a million events are too many to count one by one."""

    def __setitem__(self, seq: int, count: int) -> None:
        pass


@given(st.lists(st.integers(1, 300), max_size=150))
@settings(max_examples=40)
def test_no_event_is_written_again_for_ever(commits: list[int]):
    simulation = Simulation(TIERS)
    for events in commits:
        simulation.commit(events)
    # Once for every `files` commits until the file is not small, then once or twice to become large.
    assert max(simulation.written.values(), default=0) <= TIERS.small_events // (TIERS.files - 1) + 1 + 2
    simulation.settle(final=True)
    small = [each for each in simulation.files if each.file.events < TIERS.large_events]
    assert len(small) <= 1
    assert sum(each.file.events for each in simulation.files) == sum(commits)


def test_a_large_file_is_never_merged():
    files = [sized(0, 4), sized(4, 4, 10**6), sized(8, 512), sized(520, 4)]
    assert plan(files, TIERS, final=True) == []


def test_small_files_at_the_end_wait_for_their_like():
    files = [sized(64 * index, 64) for index in range(7)] + [sized(448 + index, 1) for index in range(7)]
    assert plan(files, TIERS) == []
    assert plan(files, TIERS, final=True) == files


def merged(tmp_path: Path, commits: list[int], policy: MergePolicy) -> tuple[Path, SizedFile]:
    run = write_log(tmp_path / "run", commits)
    return run, merge(run, read_files(run), policy)


def test_a_merged_file_holds_the_same_events(tmp_path: Path):
    run, result = merged(tmp_path, [1, 50, 7, 200, 3], OFTEN)
    assert read_files(run) == [result.file]
    assert result.bytes == result.file.path.stat().st_size
    assert scan(run, check=True).whole
    assert rows(run) == expected_rows(261)


def test_row_groups_have_a_size_to_look_single_events_up_by(tmp_path: Path):
    _, result = merged(tmp_path, [1, 50, 7, 200, 3], OFTEN)
    metadata = pq.read_metadata(result.file.path)
    found = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    assert [group.num_rows for group in found] == [96, 96, 69]
    seqs = [group.column(1).statistics for group in found]
    assert [(each.min, each.max) for each in seqs] == [(0, 95), (96, 191), (192, 260)]
    assert {group.column(index).compression for group in found for index in range(len(metadata.schema))} == {
        "ZSTD"
    }


def test_row_groups_are_bounded_in_bytes(tmp_path: Path):
    _, result = merged(tmp_path, [50, 50, 50, 50], MergePolicy(row_group_bytes=1))
    assert pq.read_metadata(result.file.path).num_row_groups == 4


def test_the_inputs_of_a_merge_stay_until_it_is_in_place(tmp_path: Path):
    run, result = merged(tmp_path, [2, 3], OFTEN)
    assert file_names(run) == sorted(
        [
            commit_path(run, 0, 1).name,
            commit_path(run, 2, 4).name,
            result.file.path.name,
        ]
    )


def test_a_merge_of_a_damaged_file_leaves_everything_as_it_is(tmp_path: Path):
    run = write_log(tmp_path / "run", [2, 3, 4])
    files = read_files(run)
    data = bytearray(files[1].path.read_bytes())
    data[len(data) // 3] ^= 1
    files[1].path.write_bytes(data)
    before = file_names(run)
    with pytest.raises(DamagedFile):
        merge(run, files, OFTEN)
    assert file_names(run) == before


def test_a_merge_that_lacks_a_file_is_not_put_in_place(tmp_path: Path):
    run = write_log(tmp_path / "run", [2, 3, 4])
    files = read_files(run)
    before = file_names(run)
    with pytest.raises(DamagedFile):
        merge(run, [files[0], files[2]], OFTEN)
    assert file_names(run) == before


def test_a_writer_merges_while_it_writes_and_when_it_closes(tmp_path: Path):
    run = tmp_path / "run"
    with LogWriter.create(run, RUN, merge=OFTEN) as writer:
        for _ in range(60):
            append(writer, 12)
            writer.commit()
    assert writer.merge_problem is None
    # Merged while it wrote, so in pieces of about large_events; closed, so with no small file left.
    assert len(file_names(run)) == 2
    assert scan(run, check=True).whole
    assert rows(run) == expected_rows(720)


def test_a_writer_that_must_not_merge_leaves_one_file_a_commit(tmp_path: Path):
    run = write_log(tmp_path / "run", [5] * 30)
    assert len(file_names(run)) == 30


def test_a_failing_merge_never_disturbs_the_writer(tmp_path: Path):
    run = tmp_path / "run"
    with LogWriter.create(run, RUN, merge=OFTEN) as writer:
        blocked = temporary_path(commit_path(run, 0, 11))
        (blocked / "directory").mkdir(parents=True)  # the merge of four commits cannot write its file
        for _ in range(4):
            append(writer, 3)
            writer.commit()
    assert writer.merge_problem is not None
    assert writer.merge_problem.cure
    shutil.rmtree(blocked)
    assert len(file_names(run)) == 4
    assert rows(run) == expected_rows(12)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=5), st.integers(1, 40))
@settings(max_examples=8, deadline=None)
def test_merging_any_commits_keeps_every_event(
    tmp_path_factory: pytest.TempPathFactory, commits: list[int], row_group_events: int
):
    run = write_log(tmp_path_factory.mktemp("merge") / "run", commits)
    files = read_files(run)
    result = merge(run, files, MergePolicy(row_group_events=row_group_events))
    assert effective([*files, result.file]) == [result.file]
    assert rows(run) == expected_rows(sum(commits))
