"""Whatever is appended, committed, merged, dropped and reopened: the log gives back what was committed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fsdb.log import LogWriter, MergePolicy, scan
from tests.log.samples import RUN, any_event, cleaned, rows

Event = tuple[str, dict[str, Any]]
Step = list[Event] | str

steps = st.lists(
    st.lists(any_event(), min_size=1, max_size=6) | st.sampled_from(["reopen", "reopen without committing"]),
    min_size=1,
    max_size=7,
)
policies = st.builds(
    MergePolicy,
    files=st.integers(2, 4),
    small_events=st.integers(1, 12),
    large_events=st.integers(12, 30),
    row_group_events=st.integers(1, 12),
)


@given(steps=steps, policy=st.none() | policies)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_log_gives_back_exactly_what_was_committed(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], policy: MergePolicy | None
):
    run: Path = tmp_path_factory.mktemp("log") / "run"
    merge = policy or False
    committed: list[Event] = []
    writer = LogWriter.create(run, RUN, merge=merge)
    for step in steps:
        if isinstance(step, list):
            for event in step:
                assert writer.append(*event) == len(committed)
                committed.append(event)
            table = writer.commit()
            assert table is not None
            assert table.num_rows == len(step)
        elif committed:
            if step == "reopen without committing":
                writer.append(*committed[0])
            writer.close()
            writer = LogWriter.open(run, merge=merge)
            assert writer.next_seq == len(committed)
    writer.close()
    assert rows(run) == [(seq, type_, cleaned(fields)) for seq, (type_, fields) in enumerate(committed)]
    assert scan(run).whole
