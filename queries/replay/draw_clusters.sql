-- Draw the clusters of each draw of the chunk, with replacement: the first of a ranking of its own for
-- each slot.
-- Grain: one row for each parent, (draw_id, slot). Parameters: $parents.
-- Reads: chunk_draws, chunk_island_draws, chunk_cluster_logits, chunk_cluster_masses.
create or replace temp table chunk_cluster_draws as
with

slots as (
    select unnest(range($parents))::integer as slot
),

rankings as (
    select
        draws.draw_id,
        draws.state,
        islands.island_id,
        slots.slot,
        noise_key(draws.seed, draws.draw_id, concat('cluster:', slots.slot)) as draw_key
    from chunk_draws as draws
    inner join chunk_island_draws as islands on draws.draw_id = islands.draw_id
    cross join slots
    where slots.slot < islands.clusters
),

chosen as (
    select
        rankings.draw_id,
        rankings.state,
        rankings.slot,
        arg_max(
            logits.cluster_id, logits.logit + noise_gumbel(rankings.draw_key, logits.noise_key)
        ) filter (where logits.logit > '-infinity'::double) as cluster_id
    from rankings
    inner join chunk_cluster_logits as logits
        on
            rankings.state = logits.state
            and rankings.island_id = logits.island_id
    group by rankings.draw_id, rankings.state, rankings.slot
)

select
    chosen.draw_id,
    chosen.state,
    chosen.slot,
    chosen.cluster_id,
    logits.island_id,
    logits.score,
    logits.programs,
    logits.temperature,
    exp(logits.logit) / masses.mass as propensity,
    masses.offered
from chosen
inner join chunk_cluster_logits as logits
    on
        chosen.state = logits.state
        and chosen.cluster_id = logits.cluster_id
inner join chunk_cluster_masses as masses
    on
        logits.state = masses.state
        and logits.island_id = masses.island_id;
