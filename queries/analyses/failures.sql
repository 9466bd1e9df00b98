-- What kept programs from joining their islands, and which error was met most often for each reason?
--
-- group: run
-- grain: one row for each status other than ok, the most frequent first
-- reads: program_evaluated
-- columns:
--   status: the reason
--   programs: how many programs
--   error: the first line of the error met most often
--   error_programs: how many had that error
--   example: the newest program that had it
with

failed as (
    select
        status,
        program_id,
        split_part(error, chr(10), 1) as error
    from program_evaluated
    where status <> 'ok'
),

errors as (
    select
        status,
        error,
        count(*) as programs,
        max(program_id) as example
    from failed
    group by status, error
)

select
    status,
    sum(programs)::bigint as programs,
    arg_max(error, (programs, example)) filter (where error is not null) as error,
    coalesce(arg_max(programs, (programs, example)) filter (where error is not null), 0) as error_programs,
    coalesce(arg_max(example, (programs, example)) filter (where error is not null), max(example)) as example
from errors
group by status
order by programs desc, status asc;
