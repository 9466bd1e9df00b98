-- How good was the best program after so many samples, programs, seconds, tokens or dollars?
--
-- group: run
-- grain: one row for each of `points` places on the axis, from its beginning to its end
-- reads: best_so_far, completion_received, program_evaluated, events
-- parameters:
--   axis varchar = 'samples' | 'programs' | 'seconds' | 'tokens' | 'cost_usd': what is spent
--   points bigint = 50: how many places
-- columns:
--   spent: the place: how much of it was spent
--   best_score: the best score until then; null before the first
--   program_id: the first program with it
-- notes:
--   No rows where the log reports no tokens or no cost.
with

steps as (
    select
        program_id,
        score,
        seq,
        case $axis
            when 'samples' then samples
            when 'programs' then programs
            when 'seconds' then seconds
            when 'tokens' then tokens
            else cost_usd
        end::double as spent
    from bests_and_end()
),

-- What was spent is null as long as none is reported.
placed as (
    select
        program_id,
        score,
        seq,
        coalesce(spent, 0) as spent
    from steps
    where program_id is not null
),

reached as (
    select
        spent,
        max(score) as best_score,
        max(program_id) as program_id
    from placed
    group by spent
),

places as (
    select unnest(range($points)) as place
),

grid as (
    select steps.spent * places.place / greatest($points - 1, 1) as spent
    from steps
    cross join places
    where steps.program_id is null and steps.spent is not null
)

select
    grid.spent,
    reached.best_score,
    reached.program_id
from grid
asof left join reached on grid.spent >= reached.spent
order by grid.spent;
