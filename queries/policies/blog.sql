-- The plain description of FunSearch: islands, and programs on them, drawn by how good they are.
--
-- An island's weight follows how high its clusters score on average; on it a program's weight follows its
-- score, whatever its length. Scores are scaled to 0..1 over all living clusters, so that the temperatures
-- mean the same on every problem. Meant with --reset-policy random.
-- param island_temperature = 0.2 > 0: temperature of the islands, in units of the range of all scores
-- param temperature = 0.1 > 0: temperature of the programs, in units of the range of all scores

-- name: islands
with

scale as (
    select
        max(score) as best,
        greatest(max(score) - min(score), 1e-300) as span
    from clusters
)

-- Decimals, so that the mean is the same for any order of the rows.
select
    clusters.island_id,
    avg(((clusters.score - scale.best) / scale.span)::decimal(18, 16)) / $island_temperature as logit
from clusters
cross join scale
group by clusters.island_id;

-- name: clusters
with

scale as (
    select
        max(score) as best,
        greatest(max(score) - min(score), 1e-300) as span
    from clusters
)

select
    clusters.cluster_id,
    (clusters.score - scale.best) / scale.span / $temperature + ln(clusters.programs) as logit,
    $temperature * scale.span as temperature
from clusters
cross join scale;

-- name: programs
select
    program_id,
    0.0 as logit
from population;
