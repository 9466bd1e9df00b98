-- What could a draw have chosen: how many clusters had how much of a chance?
--
-- group: selection
-- grain: one row for each of the last `draws` draws that chose parents, the newest first
-- reads: prompt_drawn, program_evaluated
-- parameters:
--   draws bigint = 20: how many draws
-- columns:
--   draw_id: the draw
--   as_of: the last event that it saw
--   island_id: the island drawn
--   epoch: its epoch
--   temperature: in force there
--   clusters: clusters on the island as of the draw
--   cluster_id: the one chosen first
--   rank: the place of its score among theirs; 1 is the best, equal ones share the better place
--   propensity: the probability with which it was chosen, as logged
--   remade_propensity: the same made again: the softmax of the scores over the temperature, normalised as
--     the policy was told
--   agrees: whether they agree to six digits: whether that is how the policy chose
--   entropy: entropy of the choice, in nats; null where the two do not agree
--   effective_clusters: e to the power of that; null likewise
--   highest_propensity: the probability of the likeliest cluster; null likewise
-- notes:
--   Made again from the log as of each draw, and only for policies that choose clusters by a softmax of
--   their scores, as funsearch does; selection_entropy has an estimate for every policy.
with

drawn as (
    select
        draw_id,
        as_of,
        island_id,
        epoch,
        temperature,
        coalesce(policy_params ->> '$.normalise', 'none') = 'range' as is_normalised,
        list_filter(parents, lambda parent: parent.slot = 0)[1] as chosen
    from prompt_drawn
    where kind = 'parents' and len(parents) > 0
    order by draw_id desc
    limit $draws
),

clusters as (from clusters_ever()), -- noqa: ST03

choices as (
    select
        drawn.*,
        clusters.cluster_id,
        clusters.score,
        max(clusters.score) over (partition by drawn.draw_id) as best,
        min(clusters.score) over (partition by drawn.draw_id) as worst,
        rank() over (partition by drawn.draw_id order by clusters.score desc) as place
    from drawn
    inner join clusters
        on
            drawn.island_id = clusters.island_id
            and drawn.epoch = clusters.epoch
            and drawn.as_of >= clusters.seq
),

weighted as (
    select
        *,
        exp(
            (score - best) / if(is_normalised and best > worst, best - worst, 1.0) / temperature
        ) as weight
    from choices
),

chances as (
    select
        *,
        weight / sum(weight) over (partition by draw_id) as propensity
    from weighted
),

measured as (
    select
        draw_id,
        any_value(as_of) as as_of,
        any_value(island_id) as island_id,
        any_value(epoch) as epoch,
        any_value(temperature) as temperature,
        count(*) as clusters,
        any_value(chosen.cluster_id) as cluster_id,
        any_value(chosen.cluster_propensity) as logged,
        max(place) filter (where cluster_id = chosen.cluster_id) as place,
        max(propensity) filter (where cluster_id = chosen.cluster_id) as remade,
        -sum(propensity * ln(nullif(propensity, 0))) as entropy,
        max(propensity) as highest
    from chances
    group by draw_id
),

judged as (
    select
        *,
        coalesce(abs(remade - logged) <= 1e-6 * logged, false) as agrees
    from measured
)

select
    draw_id,
    as_of,
    island_id,
    epoch,
    temperature,
    clusters,
    cluster_id,
    place as rank,
    logged as propensity,
    remade as remade_propensity,
    agrees,
    case when agrees then abs(entropy) end as entropy,
    case when agrees then exp(entropy) end as effective_clusters,
    case when agrees then highest end as highest_propensity
from judged
order by draw_id desc;
