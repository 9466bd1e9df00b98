-- The parents of a program as they were shown to whoever wrote it.
--
-- Grain: one row for each parent, in prompt order. Reads: edges, programs. Parameters: $program_id.
select
    edges.position,
    edges.parent_id as program_id,
    programs.score,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.source
from edges
inner join programs on edges.parent_id = programs.program_id
where edges.child_id = $program_id
order by edges.position;
