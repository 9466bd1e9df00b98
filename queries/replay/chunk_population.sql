-- The programs as of each state of the chunk, in the clusters that matter there.
-- Grain: one row for each (state, program). Reads: chunk_reached (state, cluster_id), replay.population.
create or replace temp table chunk_population as
select
    members.state,
    population.* exclude (from_seq, until_seq) -- noqa: RF02
from chunk_reached as members
inner join replay.population
    on
        members.cluster_id = population.cluster_id
        and members.state >= population.from_seq
        and members.state < population.until_seq;
