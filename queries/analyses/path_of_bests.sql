-- How did the search get from where it began to a program, step by step?
--
-- group: lineage
-- grain: one row for each step, from a program without parents to the program
-- reads: programs, edges
-- parameters:
--   program bigint = best: the program, by its number
--   by varchar = 'better' | 'nearest': which parent the path goes by: the better one, or the more similar
--     one
-- columns:
--   step: 0 is where it began
--   program_id: the program of the step
--   parent_id: the program of the step before
--   sampler: who wrote it
--   island_id: its island
--   epoch: its island's epoch
--   score: its score
--   gain: its score, less that of the step before
--   similarity: the share of lines that it has in common with the step before
--   seq: the event that holds it
--   source: its text: with that of the step before, the change
-- notes:
--   A founder's copy is a step. Of equally good parents the one shown last counts.
with recursive

ancestry as materialized (
    select
        programs.program_id,
        programs.parents,
        programs.score,
        programs.source,
        line_set(programs.source) as lines
    from ancestors_of(program_or_best($program)) as line
    inner join program_evaluated as programs on line.program_id = programs.program_id
),

steps_back as (
    select
        ancestry.program_id,
        unnest(ancestry.parents) as parent_id,
        generate_subscripts(ancestry.parents, 1) as position
    from ancestry
),

compared as (
    select
        steps_back.program_id,
        steps_back.parent_id,
        steps_back.position,
        parents.score,
        set_similarity(children.lines, parents.lines) as similarity
    from steps_back
    inner join ancestry as children on steps_back.program_id = children.program_id
    inner join ancestry as parents on steps_back.parent_id = parents.program_id
    where steps_back.parent_id < steps_back.program_id
),

chosen as materialized (
    select
        program_id,
        arg_max(
            parent_id,
            struct_pack(
                preferred := if($by = 'nearest', similarity, score),
                other := if($by = 'nearest', score, 0.0),
                position := position
            )
        ) as parent_id
    from compared
    group by program_id
),

line as (
    select
        program_or_best($program) as program_id,
        0 as steps
    union all
    select
        chosen.parent_id as program_id,
        line.steps + 1 as steps
    from line
    inner join chosen on line.program_id = chosen.program_id
),

path as (
    select
        max(line.steps) over () - line.steps as step,
        line.program_id,
        lag(line.program_id) over (order by line.steps desc) as parent_id
    from line
)

select
    path.step,
    path.program_id,
    path.parent_id,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.score,
    programs.score - parents.score as gain,
    set_similarity(line_set(programs.source), parents.lines) as similarity,
    programs.seq,
    programs.source
from path
inner join program_evaluated as programs on path.program_id = programs.program_id
left join ancestry as parents on path.parent_id = parents.program_id
order by path.step;
