-- How a run stands.
--
-- Grain: one row. Reads: events and the event views, progress.
-- `active_seconds` is the time during which a writer was at work; `recent_programs` are those of its last
-- minute, over `recent_seconds`. Null where the log has lost its first event: all that run_started holds.
with

envelope as (
    select
        seq,
        type,
        recorded_at,
        count(*) filter (where type in ('run_started', 'run_resumed'))
            over (order by seq rows unbounded preceding) as writer
    from events
),

writers as (
    select
        writer,
        min(recorded_at) as began,
        max(recorded_at) as ended,
        count(*) filter (where type = 'run_resumed') as resumed
    from envelope
    group by writer
),

spans as (
    select
        sum(epoch(ended - began)) as active_seconds,
        arg_max(began, writer) as last_began,
        max(ended) as last_event_at,
        sum(resumed)::bigint as resumed
    from writers
),

ending as (
    select
        max(seq) as last_seq,
        count(*) as events,
        arg_max(type, seq) as last_type
    from envelope
),

recent as (
    select
        count(*) as recent_programs,
        least(60.0, any_value(epoch(spans.last_event_at - spans.last_began))) as recent_seconds
    from program_evaluated
    cross join spans
    where
        program_evaluated.draw_id is not null
        and program_evaluated.recorded_at >= spans.last_began
        and program_evaluated.recorded_at > spans.last_event_at - interval 60 seconds
),

stopped as (
    select arg_max(reason, seq) as last_reason
    from run_stopped
)

select
    started.run_id,
    started.recorded_at as started_at,
    started.problem,
    started.sampler,
    started.model,
    started.seed,
    started.policy,
    started.policy_params,
    started.reset_policy,
    started.reset_policy_params,
    started.in_order,
    spans.last_event_at,
    spans.active_seconds,
    spans.resumed,
    recent.recent_programs,
    recent.recent_seconds,
    ending.events,
    ending.last_seq,
    ending.last_type,
    if(ending.last_type = 'run_stopped', stopped.last_reason, null) as stop_reason,
    progress.draws,
    progress.samples,
    progress.programs,
    progress.valid,
    progress.best_score,
    progress.best_program_id,
    progress.resets,
    progress.tokens_in,
    progress.tokens_out,
    progress.cost_usd::double as cost_usd
from progress
cross join spans
cross join ending
cross join recent
cross join stopped
left join run_started as started on true;
