-- FunSearch's own policy (Romera-Paredes et al., Nature 2023, Methods, "Programs database").
--
-- Islands uniformly; clusters by a softmax of their scores, at a temperature that falls with the programs
-- on the island and starts again each period; within a cluster shorter programs are preferred.
-- param temperature_init = 0.1: temperature of an empty island, in units of the score
-- param temperature_period = 30000: programs on the island after which the temperature starts again
-- param normalise = 'none': none, or range: scores are divided by (best - worst) of the island first

-- name: clusters
with

scales as (
    select
        island_id,
        case
            when $normalise = 'range' and max(score) > min(score) then max(score) - min(score)
            else 1.0
        end as scale
    from clusters
    group by island_id
),

temperatures as (
    select
        islands.island_id,
        scales.scale,
        $temperature_init
        * (1.0 - (islands.programs % $temperature_period)::double / $temperature_period) as temperature
    from islands
    inner join scales on islands.island_id = scales.island_id
)

select
    clusters.cluster_id,
    (clusters.score - islands.best_score) / temperatures.scale / temperatures.temperature as logit,
    temperatures.temperature
from clusters
inner join islands on clusters.island_id = islands.island_id
inner join temperatures on clusters.island_id = temperatures.island_id;

-- name: programs
select
    population.program_id,
    -(population.length - clusters.shortest) / (clusters.longest + 1e-6) as logit
from population
inner join clusters on population.cluster_id = clusters.cluster_id;
