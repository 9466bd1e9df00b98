-- Do recent draws still choose: how often is a prompt one program throughout, out of how many clusters?
--
-- group: selection
-- grain: one row
-- reads: prompt_drawn, program_evaluated
-- parameters:
--   draws bigint = 200: how many recent draws count
-- columns:
--   draws: those of them that had a choice: two parents or more, on an island with two clusters or more
--   same_program_share: share of these whose parents are one and the same program
--   effective_clusters: one over the mean probability of the cluster drawn first; as many equally likely
--     clusters would give the same chance of drawing one twice
--   clusters: how many there were to choose from, on average
--   temperature: in force, the median
with

recent as (
    select
        draw_id,
        as_of,
        island_id,
        epoch,
        temperature,
        parents
    from prompt_drawn
    where kind = 'parents' and len(parents) > 1
    order by draw_id desc
    limit $draws
),

-- A cluster exists from its first program on.
first_programs as (
    select
        island_id,
        epoch,
        min(seq) as seq
    from program_evaluated
    where status = 'ok'
    group by island_id, epoch, signature_hash
),

choices as (
    select
        recent.draw_id,
        any_value(recent.temperature) as temperature,
        any_value(recent.parents) as parents,
        count(first_programs.seq) as clusters
    from recent
    left join first_programs
        on
            recent.island_id = first_programs.island_id
            and recent.epoch = first_programs.epoch
            and recent.as_of >= first_programs.seq
    group by recent.draw_id
),

measured as (
    select
        clusters,
        temperature,
        len(list_distinct([parent.program_id for parent in parents])) = 1 as is_same_program,
        [parent.cluster_propensity for parent in parents if parent.slot = 0][1] as propensity
    from choices
    where clusters > 1
)

select
    count(*) as draws,
    avg(is_same_program::integer) as same_program_share,
    1 / avg(propensity) as effective_clusters,
    avg(clusters) as clusters,
    median(temperature) as temperature
from measured;
