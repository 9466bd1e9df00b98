-- The islands as of each state of the chunk.
-- Grain: one row for each (state, island). Reads: chunk_states, replay.islands.
create or replace temp table chunk_islands as
with

bounds as (
    select
        min(state) as first_state,
        max(state) as last_state
    from chunk_states
),

alive as (
    select islands.*
    from replay.islands
    cross join bounds
    where islands.from_seq <= bounds.last_state and islands.until_seq > bounds.first_state
)

select
    states.state,
    alive.* exclude (from_seq, until_seq) -- noqa: RF02
from chunk_states as states
inner join alive on states.state >= alive.from_seq and states.state < alive.until_seq;
