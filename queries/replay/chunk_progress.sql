-- The run's counts as of each state of the chunk.
-- Grain: one row for each state. Parameters: $hours, hours since the last reset. Reads: chunk_states,
-- replay.progress.
create or replace temp table chunk_progress as
select
    states.state,
    progress.* exclude (seq, hours_since_reset), -- noqa: RF02
    $hours::double as hours_since_reset
from chunk_states as states
asof inner join replay.progress on states.state >= progress.seq;
