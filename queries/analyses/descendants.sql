-- Which programs came from a program, all of them?
--
-- group: lineage
-- grain: one row for each descendant, the program itself first
-- reads: programs, edges, population
-- parameters:
--   program bigint = best: the program, by its number
-- columns:
--   depth: the fewest steps down to it; 0 is the program itself
--   program_id: the descendant
--   parents: its own parents, in prompt order: the edges of the graph
--   sampler: who wrote it
--   island_id: its island
--   epoch: its island's epoch
--   status: what became of it
--   score: its score
--   alive: whether it lives on its island now
--   seq: the event that holds it
select
    line.depth,
    line.program_id,
    programs.parents,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.status,
    programs.score,
    programs.status = 'ok' and programs.epoch = epochs.epoch as alive,
    programs.seq
from descendants_of(program_or_best($program)) as line
inner join program_evaluated as programs on line.program_id = programs.program_id
left join island_epochs as epochs on programs.island_id = epochs.island_id
order by line.depth, line.program_id;
