-- The islands that matter in each state: those drawn, and those that were drawn in the log.
-- Grain: one row for each (state, island). Reads: chunk_island_draws, chunk_draws.
create or replace temp table chunk_scope as
select
    state,
    island_id
from chunk_island_draws
where island_id is not null
union
select
    state,
    island_id
from chunk_draws;
