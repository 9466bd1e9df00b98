-- The islands as of each state of the chunk.
-- Grain: one row for each (state, island). Reads: chunk_states, run_started, replay.islands.
create or replace temp table chunk_islands as
with

pairs as (
    select
        chunk_states.state,
        unnest(range(run_started.islands))::integer as island_id
    from chunk_states
    cross join run_started
),

bounds as (select max(state) as last_state from chunk_states),

begun as (
    select islands.*
    from replay.islands
    cross join bounds
    where islands.from_seq <= bounds.last_state
)

select
    pairs.state,
    begun.* exclude (from_seq, until_seq) -- noqa: RF02
from pairs
asof inner join begun
    on
        pairs.island_id = begun.island_id
        and pairs.state >= begun.from_seq;
