-- Which programs did a program come from, all of them?
--
-- group: lineage
-- grain: one row for each ancestor, the program itself first
-- reads: programs, edges
-- parameters:
--   program bigint = best: the program, by its number
-- columns:
--   depth: the fewest steps back to it; 0 is the program itself
--   program_id: the ancestor
--   parents: its own parents, in prompt order: the edges of the graph
--   sampler: who wrote it
--   island_id: its island
--   epoch: its island's epoch
--   score: its score
--   seq: the event that holds it
-- notes:
--   A program has two parents or more, so this is a graph and no tree, and each ancestor is there once. See
--   path_of_bests for a single line through it.
select
    line.depth,
    line.program_id,
    programs.parents,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.score,
    programs.seq
from ancestors_of(program_or_best($program)) as line
inner join program_evaluated as programs on line.program_id = programs.program_id
order by line.depth asc, line.program_id desc;
