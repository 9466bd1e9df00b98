-- The clusters whose programs matter in each state: those drawn, and those that were drawn in the log.
-- Grain: one row for each (state, cluster). Reads: chunk_cluster_draws, chunk_states, replay.parents.
create or replace temp table chunk_members as
select
    state,
    cluster_id
from chunk_cluster_draws
union
select
    parents.state,
    parents.cluster_id
from replay.parents
inner join chunk_states as states on parents.state = states.state;
