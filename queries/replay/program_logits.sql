-- What the policy gives each program, relative to the best of its cluster, and a cluster's mass.
-- Two tables: one row for each (state, program) on offer, and one for each (state, cluster).
-- Reads: chunk_policy_programs, chunk_population.
create or replace temp table chunk_program_logits as
select
    population.state,
    population.cluster_id,
    population.program_id,
    population.noise_key,
    policy.logit - max(policy.logit) over (partition by population.state, population.cluster_id) as logit
from chunk_policy_programs as policy
inner join chunk_population as population
    on
        policy.state = population.state
        and policy.program_id = population.program_id
where (population.state, population.cluster_id) in (
    select
        chunk_members.state,
        chunk_members.cluster_id
    from chunk_members
);

create or replace temp table chunk_program_masses as
select
    state,
    cluster_id,
    softmax_mass(logit) as mass,
    count(*) as offered
from chunk_program_logits
group by state, cluster_id;
