-- How hard do draws select: how much more often than by chance do they take clusters that score high?
--
-- group: selection
-- grain: one row for each tenth of the clusters of an island by score, the best tenth first
-- reads: prompt_drawn, program_evaluated
-- parameters:
--   draws bigint = 300: how many recent draws count
-- columns:
--   tenth: 1 holds the best clusters of the island as of the draw
--   available: clusters that the draws could have taken in it
--   expected_share: share of the parents that would come from it if every cluster were as likely
--   taken: parents that came from it
--   taken_share: their share
--   pressure: taken_share over expected_share: 1 is no selection
-- notes:
--   Clusters of equal score share a place. With fewer than ten clusters on an island some tenths are empty.
with

drawn as (
    select
        draw_id,
        as_of,
        island_id,
        epoch,
        list_transform(parents, lambda parent: parent.cluster_id) as chosen
    from prompt_drawn
    where kind = 'parents' and len(parents) > 0
    order by draw_id desc
    limit $draws
),

clusters as (from clusters_ever()), -- noqa: ST03

placed as (
    select
        clusters.cluster_id,
        drawn.chosen,
        len(drawn.chosen) as slots,
        count(*) over (partition by drawn.draw_id) as clusters,
        (rank() over (partition by drawn.draw_id order by clusters.score desc) - 1)
        * 10 // count(*) over (partition by drawn.draw_id) + 1 as tenth
    from drawn
    inner join clusters
        on
            drawn.island_id = clusters.island_id
            and drawn.epoch = clusters.epoch
            and drawn.as_of >= clusters.seq
),

counted as (
    select
        tenth,
        count(*) as available,
        sum(slots / clusters) as expected,
        sum(len(list_filter(chosen, lambda each: each = cluster_id)))::bigint as taken
    from placed
    group by tenth
)

select
    tenth,
    available,
    expected / sum(expected) over () as expected_share,
    taken,
    taken / sum(taken) over () as taken_share,
    taken / sum(taken) over () / (expected / sum(expected) over ()) as pressure
from counted
order by tenth;
