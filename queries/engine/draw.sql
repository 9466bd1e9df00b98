-- Draw the parents of a batch of prompts: an island, clusters in it, one program of each cluster.
--
-- Grain: one row for each parent, (draw_id, slot).
-- Reads: population, clusters, islands; policy_islands, policy_clusters, policy_programs (the policy's own
--   queries, fsdb.state.policies).
-- Parameters: $seed; $draws, the draw numbers; $parents, how many parents a prompt has (fewer where the
--   island has fewer clusters); $replacement, whether one cluster may be drawn more than once.
-- Each choice is the largest logit + Gumbel noise: exactly a draw from the softmax of the logits. Logits are
-- taken relative to the largest one first, so that noise is not rounded away beside large scores.
-- With replacement each slot ranks the clusters by noise of its own and takes the first. Without, slot 0
-- ranks them all and slot s takes place s.
-- `repeated` tells that the policy offered more candidates than there are, and no propensity is right.
with

draws as (
    select
        draw_id,
        noise_key($seed, draw_id, 'island') as draw_key
    from (select unnest($draws::bigint[]) as draw_id)
),

island_logits as (
    select
        islands.island_id,
        islands.epoch,
        islands.clusters,
        islands.noise_key,
        policy.logit - max(policy.logit) over () as logit
    from policy_islands as policy
    inner join islands on policy.island_id = islands.island_id
    where islands.programs > 0
),

island_draws as (
    select
        draws.draw_id,
        arg_max(
            island_logits,
            island_logits.logit + noise_gumbel(draws.draw_key, island_logits.noise_key)
        ) as island,
        softmax_mass(island_logits.logit) as mass,
        count(*) > max(island_logits.island_id) + 1 as repeated
    from draws
    cross join island_logits
    group by draws.draw_id
),

slots as (
    select unnest(range(if($replacement, $parents, 1)))::integer as slot
),

rankings as (
    select
        island_draws.draw_id,
        island_draws.island.island_id,
        slots.slot,
        noise_key($seed, island_draws.draw_id, concat('cluster:', slots.slot)) as draw_key
    from island_draws
    cross join slots
    where slots.slot < island_draws.island.clusters
),

cluster_logits as (
    select
        clusters.island_id,
        clusters.cluster_id,
        clusters.score,
        clusters.programs,
        clusters.noise_key,
        policy.temperature,
        policy.logit - max(policy.logit) over (partition by clusters.island_id) as logit
    from policy_clusters as policy
    inner join clusters on policy.cluster_id = clusters.cluster_id
    where clusters.island_id in (select island_draws.island.island_id from island_draws)
),

cluster_candidates as (
    select
        rankings.draw_id,
        rankings.slot,
        cluster_logits as cluster,
        cluster_logits.logit + noise_gumbel(rankings.draw_key, cluster_logits.noise_key) as luck
    from rankings
    inner join cluster_logits on rankings.island_id = cluster_logits.island_id
),

-- A cluster of probability zero takes no place.
cluster_rankings as (
    select
        draw_id,
        slot,
        arg_max(
            cluster, luck, if($replacement, 1, $parents)
        ) filter (where cluster.logit > '-infinity'::double) as clusters,
        list(cluster.logit order by luck desc) filter (where not $replacement) as logits,
        softmax_mass(cluster.logit) as mass,
        count(*) as offered
    from cluster_candidates
    group by draw_id, slot
),

-- The propensity at a later place is that among the clusters that the places before left. Summed over these,
-- and not as all mass minus what is gone, it stays right where all that is left weighs next to nothing.
cluster_draws as (
    select
        draw_id,
        slot + place as slot,
        clusters[place + 1] as cluster,
        if(
            $replacement,
            exp(clusters[1].logit) / mass,
            1 / list_sum([exp(logit - logits[place + 1]) for logit in logits[place + 1:]])
        ) as propensity,
        offered,
        noise_key($seed, draw_id, concat('program:', slot + place)) as draw_key
    from (
        select
            *,
            unnest(range(len(clusters)))::integer as place
        from cluster_rankings
    )
),

program_logits as (
    select
        population.cluster_id,
        population.program_id,
        population.noise_key,
        policy.logit - max(policy.logit) over (partition by population.cluster_id) as logit
    from policy_programs as policy
    inner join population on policy.program_id = population.program_id
    where population.cluster_id in (select cluster_draws.cluster.cluster_id from cluster_draws)
),

program_draws as (
    select
        cluster_draws.draw_id,
        cluster_draws.slot,
        arg_max(
            program_logits,
            program_logits.logit + noise_gumbel(cluster_draws.draw_key, program_logits.noise_key)
        ) as program,
        softmax_mass(program_logits.logit) as mass,
        count(*) as offered
    from cluster_draws
    inner join program_logits on cluster_draws.cluster.cluster_id = program_logits.cluster_id
    group by cluster_draws.draw_id, cluster_draws.slot
)

select
    cluster_draws.draw_id,
    island_draws.island.island_id,
    island_draws.island.epoch,
    exp(island_draws.island.logit) / island_draws.mass as island_propensity,
    cluster_draws.cluster.temperature,
    cluster_draws.slot,
    cluster_draws.cluster.cluster_id,
    cluster_draws.cluster.score,
    cluster_draws.propensity as cluster_propensity,
    program_draws.program.program_id,
    exp(program_draws.program.logit) / program_draws.mass as program_propensity,
    island_draws.repeated
    or cluster_draws.offered > island_draws.island.clusters
    or program_draws.offered > cluster_draws.cluster.programs as repeated
from cluster_draws
inner join island_draws on cluster_draws.draw_id = island_draws.draw_id
left join program_draws
    on
        cluster_draws.draw_id = program_draws.draw_id
        and cluster_draws.slot = program_draws.slot
order by cluster_draws.draw_id, cluster_draws.cluster.score, cluster_draws.slot;
