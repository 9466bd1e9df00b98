-- Tournaments: of `size` living programs taken at random, with replacement, the best one; ties at random.
--
-- A program wins if all are at most its score and not all are below it, so that programs of one score
-- together win with probability (at most)^size - (below)^size, shared evenly among them.
-- param size = 3 >= 1: programs in a tournament

-- name: clusters
with

levels as (
    select
        island_id,
        score,
        sum(programs) as programs
    from clusters
    group by island_id, score
),

cumulated as (
    select
        island_id,
        score,
        programs,
        sum(programs) over (partition by island_id order by score) as at_most,
        sum(programs) over (partition by island_id) as total
    from levels
)

select
    clusters.cluster_id,
    ln(
        pow(cumulated.at_most / cumulated.total, $size)
        - pow((cumulated.at_most - cumulated.programs) / cumulated.total, $size)
    ) + ln(clusters.programs / cumulated.programs) as logit
from clusters
inner join cumulated
    on
        clusters.island_id = cumulated.island_id
        and clusters.score = cumulated.score;

-- name: programs
select
    program_id,
    0.0 as logit
from population;
