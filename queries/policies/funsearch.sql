-- FunSearch's own policy (Romera-Paredes et al., Nature 2023, Methods, "Programs database").
--
-- Islands uniformly; clusters by a softmax of their scores, at a temperature that falls with the programs
-- on the island and starts again each period; within a cluster shorter programs are preferred.
-- param temperature_init = 0.1 > 0: temperature of an empty island, in units of the score
-- param temperature_period = 30000 >= 1: programs on the island after which the temperature starts again
-- param normalise = 'none' | 'range': none, or range: scores are divided by the island's best - worst

-- name: clusters
with scaled as (
    select
        clusters.cluster_id,
        clusters.score - islands.best_score as behind,
        islands.best_score - min(clusters.score) over (partition by clusters.island_id) as score_range,
        $temperature_init
        * (1.0 - (islands.programs % $temperature_period)::double / $temperature_period) as temperature
    from clusters
    inner join islands on clusters.island_id = islands.island_id
)

select
    cluster_id,
    behind / if($normalise = 'range' and score_range > 0, score_range, 1.0) / temperature as logit,
    temperature
from scaled;

-- name: programs
select
    population.program_id,
    -(population.length - clusters.shortest) / (clusters.longest + 1e-6) as logit
from population
inner join clusters on population.cluster_id = clusters.cluster_id;
