-- Baseline: always the island's newest program, good or bad: a random walk over programs that work.
-- param parents = 1: parents of a prompt, programs

-- name: clusters
with latest as (
    select
        island_id,
        max(newest) as newest
    from clusters
    group by island_id
)

select
    clusters.cluster_id,
    if(clusters.newest = latest.newest, 0.0, '-infinity'::double) as logit
from clusters
inner join latest on clusters.island_id = latest.island_id;

-- name: programs
select
    population.program_id,
    if(population.program_id = clusters.newest, 0.0, '-infinity'::double) as logit
from population
inner join clusters on population.cluster_id = clusters.cluster_id;
