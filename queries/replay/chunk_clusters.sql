-- The clusters as of each state of the chunk, on the islands that matter there.
-- Grain: one row for each (state, cluster). Reads: chunk_states, chunk_reach (state, island_id),
-- replay.clusters.
create or replace temp table chunk_clusters as
with

bounds as (
    select
        min(state) as first_state,
        max(state) as last_state
    from chunk_states
),

alive as (
    select clusters.*
    from replay.clusters
    cross join bounds
    where clusters.from_seq <= bounds.last_state and clusters.until_seq > bounds.first_state
)

select
    scope.state,
    alive.* exclude (from_seq, until_seq) -- noqa: RF02
from chunk_reach as scope
inner join alive
    on
        scope.island_id = alive.island_id
        and scope.state >= alive.from_seq
        and scope.state < alive.until_seq;
