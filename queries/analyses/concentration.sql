-- Whether recent draws still choose: how often the parents of a prompt were one and the same program, and
-- between how many clusters the policy effectively chose.
--
-- Grain: one row. Reads: prompt_drawn, program_evaluated. Parameters: $draws, how many recent draws count.
-- Only draws count that had a choice: two parents or more, on an island with two clusters or more.
-- `effective_clusters` is one over the mean probability of the cluster drawn first: as many equally likely
-- clusters would give the same chance of drawing one twice.
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
