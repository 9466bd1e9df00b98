-- What the policy gives each cluster, relative to the best of its island, and an island's mass.
-- Two tables: one row for each (state, cluster) on offer, and one for each (state, island).
-- Reads: chunk_policy_clusters, chunk_clusters, chunk_scope (state, island_id).
create or replace temp table chunk_cluster_logits as
select
    clusters.state,
    clusters.island_id,
    clusters.cluster_id,
    clusters.score,
    clusters.programs,
    clusters.noise_key,
    policy.temperature,
    policy.logit - max(policy.logit) over (partition by clusters.state, clusters.island_id) as logit
from chunk_policy_clusters as policy
inner join chunk_clusters as clusters
    on
        policy.state = clusters.state
        and policy.cluster_id = clusters.cluster_id
where (clusters.state, clusters.island_id) in (
    select
        chunk_scope.state,
        chunk_scope.island_id
    from chunk_scope
);

create or replace temp table chunk_cluster_masses as
select
    state,
    island_id,
    softmax_mass(logit) as mass,
    count(*) as offered,
    count(*) filter (where logit > '-infinity'::double) as drawable
from chunk_cluster_logits
group by state, island_id;
