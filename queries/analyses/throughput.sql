-- How fast was the run, in each part of it?
--
-- group: run
-- grain: one row for each of `parts` equal parts of the time during which a writer was at work
-- reads: events, completion_received, program_evaluated
-- parameters:
--   parts bigint = 10: how many parts
-- columns:
--   part: 1 is the first
--   from_seconds: when it began, in seconds of work
--   programs: programs evaluated in it
--   programs_per_second: the rate of that
--   samples: completions received in it
--   tokens_per_second: tokens of prompts and completions a second; null where none are reported
--   evaluating: programs evaluated at a time, on average: evaluation time over time
--   waiting: requests with the model at a time, on average: latency over time
with

writers as (from writers_until(9223372036854775807)), -- noqa: ST03

lasted as (
    select max(active_before + epoch(ended_at) - epoch(began_at)) as seconds
    from writers
),

ending as (
    select
        lasted.seconds,
        greatest($parts, 1)::bigint as parts
    from lasted
),

work as (
    select
        seq,
        recorded_at,
        0 as samples,
        1 as programs,
        null as tokens,
        evaluation_seconds,
        null as latency_seconds
    from program_evaluated
    where draw_id is not null
    union all
    -- Completions of one request share its latency.
    select
        seq,
        recorded_at,
        1 as samples,
        0 as programs,
        coalesce(tokens_in + tokens_out, tokens_in, tokens_out) as tokens,
        null as evaluation_seconds,
        latency_seconds / count(*) over (partition by draw_id, coalesce(request_id, completion_id::varchar))
            as latency_seconds
    from completion_received
),

placed as (
    select
        work.*,
        least(
            floor(
                (writers.active_before + epoch(work.recorded_at) - epoch(writers.began_at))
                / nullif(ending.seconds, 0) * ending.parts
            )::bigint + 1,
            ending.parts
        ) as part
    from work
    inner join writers on work.seq between writers.first_seq and writers.last_seq
    cross join ending
),

summed as (
    select
        part,
        sum(programs)::bigint as programs,
        sum(samples)::bigint as samples,
        sum(tokens) as tokens,
        sum(evaluation_seconds) as evaluation_seconds,
        sum(latency_seconds) as latency_seconds
    from placed
    group by part
),

numbered as (
    select unnest(range(parts)) as part
    from ending
)

select
    numbered.part + 1 as part,
    ending.seconds * numbered.part / ending.parts as from_seconds,
    coalesce(summed.programs, 0) as programs,
    coalesce(summed.programs, 0) * ending.parts / nullif(ending.seconds, 0) as programs_per_second,
    coalesce(summed.samples, 0) as samples,
    summed.tokens * ending.parts / nullif(ending.seconds, 0) as tokens_per_second,
    summed.evaluation_seconds * ending.parts / nullif(ending.seconds, 0) as evaluating,
    summed.latency_seconds * ending.parts / nullif(ending.seconds, 0) as waiting
from ending
cross join numbered
left join summed on numbered.part + 1 = summed.part
order by numbered.part;
