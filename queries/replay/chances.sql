-- The probability that the policy gives each parent that was logged: its island, its cluster in that,
-- itself in that.
-- Grain: one row for each parent, (arm, draw_id, position). Parameters: $arm, the policy's number.
-- Reads: chunk_states, replay.parents, the chunk's logits and masses.
-- Cluster probabilities are those of a first choice; what was drawn before counts in off_policy.sql.
-- `drawable` clusters of the island have any probability at all.
insert into replay.chances
with island_masses as (
    select
        state,
        softmax_mass(logit) as mass
    from chunk_island_logits
    group by state
)

select
    $arm as arm,
    parents.draw_id,
    parents.position,
    parents.cluster_id,
    parents.program_id,
    coalesce(exp(islands.logit) / island_masses.mass, 0.0) as island_chance,
    coalesce(exp(clusters.logit) / cluster_masses.mass, 0.0) as cluster_chance,
    coalesce(exp(programs.logit) / program_masses.mass, 0.0) as program_chance,
    coalesce(islands.clusters, 0) as clusters,
    coalesce(cluster_masses.drawable, 0) as drawable
from replay.parents
inner join chunk_states as states on parents.state = states.state
inner join island_masses on parents.state = island_masses.state
left join chunk_island_logits as islands
    on
        parents.state = islands.state
        and parents.island_id = islands.island_id
left join chunk_cluster_logits as clusters
    on
        parents.state = clusters.state
        and parents.cluster_id = clusters.cluster_id
left join chunk_cluster_masses as cluster_masses
    on
        clusters.state = cluster_masses.state
        and clusters.island_id = cluster_masses.island_id
left join chunk_program_logits as programs
    on
        parents.state = programs.state
        and parents.program_id = programs.program_id
left join chunk_program_masses as program_masses
    on
        programs.state = program_masses.state
        and programs.cluster_id = program_masses.cluster_id;
