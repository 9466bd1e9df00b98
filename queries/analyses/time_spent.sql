-- Where did the time go: drawing, waiting for the model, waiting for an evaluator, or evaluating?
--
-- group: run
-- grain: one row for each activity
-- reads: events, prompt_drawn, completion_received, program_evaluated
-- columns:
--   activity: drawing (from the event before a batch of draws to its first prompt: an upper bound, for the
--     search may wait there too); model (requests, from sending to answer); queue (from an answer to its
--     program's verdict, less the evaluation itself); evaluation (wall clock); processor (of the
--     evaluations)
--   times: how often
--   seconds: all in all; they go on side by side, so that the sum is no time of the run
--   mean_seconds: on average
--   median_seconds: half took less
--   p95_seconds: 19 of 20 took less
--   at_a_time: how many were under way at a time, on average: seconds over the time that writers were at
--     work
with

active as (
    select sum(epoch(ended_at) - epoch(began_at)) as seconds
    from writers_until(9223372036854775807)
),

batches as (
    select min(seq) as seq
    from prompt_drawn
    group by batch_id
),

durations as (
    select
        'drawing' as activity,
        epoch(drawn.recorded_at) - epoch(before.recorded_at) as seconds
    from batches
    inner join events as drawn on batches.seq = drawn.seq
    inner join events as before on batches.seq - 1 = before.seq
    where before.type not in ('run_started', 'run_resumed')
    union all
    select
        'model' as activity,
        max(latency_seconds) as seconds
    from completion_received
    where latency_seconds is not null
    group by draw_id, coalesce(request_id, completion_id::varchar)
    union all
    select
        'queue' as activity,
        greatest(
            epoch(programs.recorded_at) - epoch(received.recorded_at)
            - coalesce(programs.evaluation_seconds, 0),
            0
        ) as seconds
    from program_evaluated as programs
    inner join completion_received as received on programs.completion_id = received.completion_id
    union all
    select
        'evaluation' as activity,
        evaluation_seconds as seconds
    from program_evaluated
    where evaluation_seconds is not null
    union all
    select
        'processor' as activity,
        cpu_seconds as seconds
    from program_evaluated
    where cpu_seconds is not null
),

summed as (
    select
        activity,
        count(*) as times,
        sum(seconds) as seconds,
        quantile_cont(seconds, [0.5, 0.95]) as quantiles
    from durations
    group by activity
)

select
    summed.activity,
    summed.times,
    summed.seconds,
    summed.seconds / summed.times as mean_seconds,
    summed.quantiles[1] as median_seconds,
    summed.quantiles[2] as p95_seconds,
    summed.seconds / nullif(active.seconds, 0) as at_a_time
from summed
cross join active
order by list_position(['drawing', 'model', 'queue', 'evaluation', 'processor'], summed.activity);
