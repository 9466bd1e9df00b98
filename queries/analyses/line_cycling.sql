-- Does the line of a program go in circles: does it add lines of code that it had removed before?
--
-- group: diversity
-- grain: one row for each step, from where the program's line began to the program
-- reads: program_evaluated
-- parameters:
--   program bigint = best: the program, by its number
-- columns:
--   step: 0 is where it began
--   program_id: the program of the step
--   score: its score
--   lines: lines that it has, each once
--   added: lines that the step before did not have
--   removed: lines that it does not have any more
--   readded: added lines that an earlier step had
--   cycling_share: share of all lines added until here that were there before
-- notes:
--   The line goes by the better parent, the one shown last. Lines are compared without the spaces around
--   them.
with

path as (from best_path_of(program_or_best($program))), -- noqa: ST03

texts as (
    select
        path.step,
        path.program_id,
        programs.score,
        unnest(line_set(coalesce(programs.source, ''))) as line
    from path
    inner join program_evaluated as programs on path.program_id = programs.program_id
),

presences as (
    select
        step,
        lag(step) over (partition by line order by step) as step_before,
        lead(step) over (partition by line order by step) as step_after
    from texts
),

counted as (
    select
        step,
        count(*) as lines,
        count(*) filter (where step > 0 and step_before is distinct from step - 1) as added,
        count(*) filter (where step_before < step - 1) as readded,
        count(*) filter (where step_after is distinct from step + 1) as gone_after
    from presences
    group by step
)

select
    path.step,
    path.program_id,
    programs.score,
    coalesce(counted.lines, 0) as lines,
    coalesce(counted.added, 0) as added,
    coalesce(lag(counted.gone_after) over (order by path.step), 0) as removed,
    coalesce(counted.readded, 0) as readded,
    sum(counted.readded) over (order by path.step)
    / nullif(sum(counted.added) over (order by path.step), 0) as cycling_share
from path
inner join program_evaluated as programs on path.program_id = programs.program_id
left join counted on path.step = counted.step
order by path.step;
