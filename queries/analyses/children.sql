-- How many programs were made from a program, and how many of them scored?
--
-- group: lineage
-- grain: one row
-- reads: edges, program_evaluated
-- parameters:
--   program bigint = best: the program, by its number
-- columns:
--   children: programs that were shown it; one that was shown it twice counts once
--   valid: those of them with a score
--   best_score: the best score among them
select
    count(*) as children,
    count(programs.score) as valid,
    max(programs.score) as best_score
from program_evaluated as programs
where programs.program_id in (
    select edges.child_id
    from edges
    where edges.parent_id = program_or_best($program)
);
