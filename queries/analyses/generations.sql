-- How good were the programs of each generation, counted along the best parents?
--
-- group: lineage
-- grain: one row for each generation
-- reads: program_evaluated
-- columns:
--   generation: steps from a program without parents, along best parents; a founder's copy is one
--   programs: how many programs
--   valid: those of them with a score
--   best_score: the best of these
--   mean_score: their mean
--   first_program_id: the first of the generation
--   last_program_id: the last one
select
    lines.generation,
    count(*) as programs,
    count(programs.score) as valid,
    max(programs.score) as best_score,
    avg(programs.score) as mean_score,
    min(lines.program_id) as first_program_id,
    max(lines.program_id) as last_program_id
from best_lines() as lines
inner join program_evaluated as programs on lines.program_id = programs.program_id
group by lines.generation
order by lines.generation;
