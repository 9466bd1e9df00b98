-- (1+1): one parent, the island's best program; a newer program of the same score takes its place.
-- param parents = 1: parents of a prompt, programs

-- name: clusters
with ranked as (
    select
        cluster_id,
        row_number() over (partition by island_id order by score desc, newest desc) as place
    from clusters
)

select
    cluster_id,
    if(place = 1, 0.0, '-infinity'::double) as logit
from ranked;

-- name: programs
select
    population.program_id,
    if(population.program_id = clusters.newest, 0.0, '-infinity'::double) as logit
from population
inner join clusters on population.cluster_id = clusters.cluster_id;
