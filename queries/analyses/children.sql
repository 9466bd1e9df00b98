-- How many programs were made from a program, and how many of them scored.
--
-- Grain: one row. Reads: edges, programs. Parameters: $program_id.
-- A child that was shown its parent twice counts once.
select
    count(*) as children,
    count(programs.score) as valid,
    max(programs.score) as best_score
from programs
where programs.program_id in (
    select edges.child_id
    from edges
    where edges.parent_id = $program_id
);
