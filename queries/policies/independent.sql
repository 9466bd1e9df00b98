-- Baseline: always the seed program. Nothing that was found is ever built upon.
--
-- On an island that was reset the oldest program (its founder) stands for the seed program;
-- use --reset-policy none for the pure baseline.
-- param parents = 1: parents of a prompt, programs

-- name: clusters
with oldest as (
    select
        island_id,
        min(cluster_id) as cluster_id
    from clusters
    group by island_id
)

select
    clusters.cluster_id,
    if(clusters.cluster_id = oldest.cluster_id, 0.0, '-infinity'::double) as logit
from clusters
inner join oldest on clusters.island_id = oldest.island_id;

-- name: programs
select
    program_id,
    if(program_id = cluster_id, 0.0, '-infinity'::double) as logit
from population;
