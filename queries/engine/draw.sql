-- Draw the parents of a batch of prompts: an island, clusters in it, one program of each cluster.
--
-- Grain: one row for each parent, (draw_id, slot).
-- Reads: population, clusters, islands; policy_islands, policy_clusters, policy_programs (the policy's own
--   queries, fsdb.state.policies).
-- Parameters: $seed; $draws, the draw numbers; $parents, how many parents a prompt has (fewer where the
--   island has fewer clusters); $replacement, whether one cluster may be drawn more than once.
-- Each choice is the largest logit + Gumbel noise: exactly a draw from the softmax of the logits. Logits are
-- taken relative to the largest one first, so that noise is not rounded away beside large scores.
-- With replacement each slot has noise of its own. Without, one noise ranks the clusters and slot s takes
-- rank s; its propensity is then that of the choice among those that the slots before it left.
with

draws as (
    select unnest($draws::bigint[]) as draw_id
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
            island_logits.island_id,
            island_logits.logit
            + noise_gumbel(noise_key($seed, draws.draw_id, 'island'), island_logits.noise_key)
        ) as island_id
    from draws
    cross join island_logits
    group by draws.draw_id
),

island_mass as (
    select sum(exp(logit)) as mass
    from island_logits
),

slots as (
    select
        island_draws.draw_id,
        island_draws.island_id,
        island_logits.epoch,
        exp(island_logits.logit) / island_mass.mass as island_propensity,
        slot.slot,
        noise_key($seed, island_draws.draw_id, concat('cluster:', if($replacement, slot.slot, 0)))
            as cluster_noise_key,
        noise_key($seed, island_draws.draw_id, concat('program:', slot.slot)) as program_noise_key
    from island_draws
    inner join island_logits on island_draws.island_id = island_logits.island_id
    cross join island_mass
    cross join (select unnest(range($parents))::integer as slot) as slot
    where slot.slot < island_logits.clusters
),

cluster_logits as (
    select
        clusters.island_id,
        clusters.cluster_id,
        clusters.score,
        clusters.noise_key,
        policy.temperature,
        policy.logit - max(policy.logit) over (partition by clusters.island_id) as logit
    from policy_clusters as policy
    inner join clusters on policy.cluster_id = clusters.cluster_id
    where clusters.island_id in (select slots.island_id from slots)
),

cluster_mass as (
    select
        island_id,
        sum(exp(logit)) as mass
    from cluster_logits
    group by island_id
),

-- With replacement: one winner for each slot.
clusters_replaced as (
    select
        slots.draw_id,
        slots.slot,
        arg_max(
            cluster_logits.cluster_id,
            cluster_logits.logit + noise_gumbel(slots.cluster_noise_key, cluster_logits.noise_key)
        ) as cluster_id
    from slots
    inner join cluster_logits on slots.island_id = cluster_logits.island_id
    where $replacement
    group by slots.draw_id, slots.slot
),

-- Without: the best ones of one ranking. A cluster of probability zero is never drawn.
clusters_ranked as (
    select
        slots.draw_id,
        arg_max(
            cluster_logits.cluster_id,
            cluster_logits.logit + noise_gumbel(slots.cluster_noise_key, cluster_logits.noise_key),
            $parents
        ) as cluster_ids
    from slots
    inner join cluster_logits on slots.island_id = cluster_logits.island_id
    where not $replacement and slots.slot = 0 and cluster_logits.logit > '-infinity'::double
    group by slots.draw_id
),

cluster_choices as (
    select
        draw_id,
        slot,
        cluster_id
    from clusters_replaced
    union all
    select
        draw_id,
        unnest(range(len(cluster_ids)))::integer as slot,
        unnest(cluster_ids) as cluster_id
    from clusters_ranked
),

cluster_draws as (
    select
        slots.*,
        cluster_logits.cluster_id,
        cluster_logits.score,
        cluster_logits.temperature,
        cluster_logits.logit
    from cluster_choices
    inner join slots
        on
            cluster_choices.draw_id = slots.draw_id
            and cluster_choices.slot = slots.slot
    inner join cluster_logits on cluster_choices.cluster_id = cluster_logits.cluster_id
),

-- What the slots before left, relative to the choice: its propensity is one over it. Taken so, and not as
-- mass minus what is gone, it stays right where all that is left weighs next to nothing.
clusters_left as (
    select
        cluster_draws.draw_id,
        cluster_draws.slot,
        sum(exp(cluster_logits.logit - cluster_draws.logit)) as mass
    from cluster_draws
    inner join cluster_logits on cluster_draws.island_id = cluster_logits.island_id
    inner join clusters_ranked on cluster_draws.draw_id = clusters_ranked.draw_id
    where not list_contains(clusters_ranked.cluster_ids[:cluster_draws.slot], cluster_logits.cluster_id)
    group by cluster_draws.draw_id, cluster_draws.slot
),

program_logits as (
    select
        population.cluster_id,
        population.program_id,
        population.noise_key,
        policy.logit - max(policy.logit) over (partition by population.cluster_id) as logit
    from policy_programs as policy
    inner join population on policy.program_id = population.program_id
    where population.cluster_id in (select cluster_draws.cluster_id from cluster_draws)
),

program_mass as (
    select
        cluster_id,
        sum(exp(logit)) as mass
    from program_logits
    group by cluster_id
),

program_draws as (
    select
        cluster_draws.draw_id,
        cluster_draws.slot,
        arg_max(
            program_logits.program_id,
            program_logits.logit
            + noise_gumbel(cluster_draws.program_noise_key, program_logits.noise_key)
        ) as program_id
    from cluster_draws
    inner join program_logits on cluster_draws.cluster_id = program_logits.cluster_id
    group by cluster_draws.draw_id, cluster_draws.slot
)

select
    cluster_draws.draw_id,
    cluster_draws.island_id,
    cluster_draws.epoch,
    cluster_draws.island_propensity,
    cluster_draws.temperature,
    cluster_draws.slot,
    cluster_draws.cluster_id,
    cluster_draws.score,
    coalesce(1 / clusters_left.mass, exp(cluster_draws.logit) / cluster_mass.mass) as cluster_propensity,
    program_draws.program_id,
    exp(program_logits.logit) / program_mass.mass as program_propensity
from program_draws
inner join program_logits on program_draws.program_id = program_logits.program_id
inner join cluster_draws
    on
        program_draws.draw_id = cluster_draws.draw_id
        and program_draws.slot = cluster_draws.slot
inner join cluster_mass on cluster_draws.island_id = cluster_mass.island_id
left join clusters_left
    on
        cluster_draws.draw_id = clusters_left.draw_id
        and cluster_draws.slot = clusters_left.slot
inner join program_mass on cluster_draws.cluster_id = program_mass.cluster_id
order by cluster_draws.draw_id, cluster_draws.score, cluster_draws.slot;
