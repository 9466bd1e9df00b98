-- What kept programs from joining their islands, and the error met most often for each reason.
--
-- Grain: one row for each status other than ok, the most frequent first. Reads: program_evaluated.
-- `error` is the first line of the error, `error_programs` how many had it, `example` the newest of them.
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
