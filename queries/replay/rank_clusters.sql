-- Draw the clusters of each draw of the chunk, without replacement: the first places of one ranking.
-- Grain: one row for each parent, (draw_id, slot). Parameters: $parents.
-- Reads: chunk_draws, chunk_island_draws, chunk_cluster_logits, chunk_cluster_masses.
-- A place's propensity is that among the clusters that the places before it left (engine/draw.sql).
create or replace temp table chunk_cluster_draws as
with

rankings as (
    select
        draws.draw_id,
        draws.state,
        islands.island_id,
        islands.clusters,
        noise_key(draws.seed, draws.draw_id, 'cluster:0') as draw_key
    from chunk_draws as draws
    inner join chunk_island_draws as islands on draws.draw_id = islands.draw_id
),

ranked as (
    select
        rankings.draw_id,
        rankings.state,
        rankings.island_id,
        arg_max(
            logits.cluster_id,
            logits.logit + noise_gumbel(rankings.draw_key, logits.noise_key),
            $parents
        ) filter (where logits.logit > '-infinity'::double) as clusters,
        list(
            logits.logit
            order by logits.logit + noise_gumbel(rankings.draw_key, logits.noise_key) desc
        ) as logits
    from rankings
    inner join chunk_cluster_logits as logits
        on
            rankings.state = logits.state
            and rankings.island_id = logits.island_id
    group by rankings.draw_id, rankings.state, rankings.island_id
),

places as (
    select
        *,
        unnest(range(len(clusters)))::integer as slot
    from ranked
)

select
    places.draw_id,
    places.state,
    places.slot,
    logits.cluster_id,
    logits.island_id,
    logits.score,
    logits.programs,
    logits.temperature,
    1 / list_sum([
        exp(logit - places.logits[places.slot + 1]) -- noqa: RF02
        for logit in places.logits[places.slot + 1:]
    ])
        as propensity,
    masses.offered
from places
inner join chunk_cluster_logits as logits
    on
        places.state = logits.state
        and places.clusters[places.slot + 1] = logits.cluster_id
inner join chunk_cluster_masses as masses
    on
        logits.state = masses.state
        and logits.island_id = masses.island_id;
