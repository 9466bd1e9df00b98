-- Which parents was the writer of a program shown?
--
-- group: lineage
-- grain: one row for each parent, in prompt order
-- reads: edges, program_evaluated
-- parameters:
--   program bigint = best: the program, by its number
-- columns:
--   position: place in the prompt, 0 for the worst parent shown
--   program_id: the parent
--   score: its score
--   sampler: who wrote it
--   island_id: its island
--   epoch: its island's epoch
--   source: its text
select
    edges.position,
    edges.parent_id as program_id,
    programs.score,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.source
from edges
inner join program_evaluated as programs on edges.parent_id = programs.program_id
where edges.child_id = program_or_best($program)
order by edges.position;
