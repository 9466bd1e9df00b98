-- How did a program come about: the best parent, the one shown last, in each generation back to the start?
--
-- group: lineage
-- grain: one row for each generation, the program itself first
-- reads: program_evaluated
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
with path as (from best_path_of(program_or_best($program))) -- noqa: ST03

select
    max(path.step) over () - path.step as generation,
    path.program_id,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.score,
    programs.seq
from path
inner join program_evaluated as programs on path.program_id = programs.program_id
order by generation;
