-- How did a program come about: the best parent, the one shown last, in each generation back to the start?
--
-- group: lineage
-- grain: one row for each generation, the program itself first
-- reads: programs, edges
-- parameters:
--   program bigint = best: the program, by its number
-- columns:
--   generation: steps back; 0 is the program itself
--   program_id: the ancestor
--   sampler: who wrote it
--   island_id: its island
--   epoch: its island's epoch
--   score: its score
--   seq: the event that holds it
-- notes:
--   A founder's parent is the program that it copies, which is a step too.
with recursive

best_parents as materialized (
    select
        child_id,
        arg_max(parent_id, position) as parent_id
    from edges
    group by child_id
),

line as (
    select
        0 as generation,
        program_or_best($program) as program_id
    union all
    select
        line.generation + 1 as generation,
        best_parents.parent_id
    from line
    inner join best_parents on line.program_id = best_parents.child_id
    -- A parent comes before its child; what a damaged log says otherwise must not go on for ever.
    where best_parents.parent_id < line.program_id
)

select
    line.generation,
    line.program_id,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.score,
    programs.seq
from line
inner join programs on line.program_id = programs.program_id
order by line.generation;
