-- All that a program descends from, by every parent and not only the best: a graph, for parents are shared.
--
-- Grain: one row for each ancestor, the program itself too. Reads: edges, programs.
-- Parameters: $program_id. `parents` are in prompt order; one that was shown twice stands there twice.
with recursive

-- A parent comes before its child; what a damaged log says otherwise must not go on for ever.
older as materialized (
    select distinct
        child_id,
        parent_id
    from edges
    where parent_id < child_id
),

reached as (
    select $program_id::bigint as program_id
    union
    select older.parent_id as program_id
    from reached
    inner join older on reached.program_id = older.child_id
)

select
    programs.program_id,
    programs.seq,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.status,
    programs.score,
    programs.source,
    programs.parents
from reached
inner join programs on reached.program_id = programs.program_id
order by programs.program_id desc;
