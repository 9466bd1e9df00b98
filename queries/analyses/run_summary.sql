-- How does the run stand?
--
-- group: run
-- grain: one row
-- reads: events, run_started, run_stopped, program_evaluated, progress
-- columns:
--   run_id: the run
--   started_at: when it began
--   problem: its problem
--   sampler: what answers its prompts
--   model: the model asked
--   seed: the seed of its draws
--   policy: its selection policy
--   policy_params: that policy's parameters
--   reset_policy: its reset policy
--   reset_policy_params: that policy's parameters
--   in_order: whether results are folded in the order of their draws
--   last_event_at: when its last event was written
--   active_seconds: time during which a writer was at work
--   resumed: how often it was taken up again
--   recent_programs: programs of the last writer's last minute
--   recent_seconds: how long that minute was
--   events: events in the log
--   last_seq: the last of them
--   last_type: its type
--   stop_reason: why the run stopped, where it stands stopped
--   draws: prompts drawn
--   samples: completions received
--   programs: programs evaluated
--   valid: those of them with a score
--   best_score: the best score so far
--   best_program_id: the first program with it
--   resets: how often islands were reset
--   tokens_in: prompt tokens
--   tokens_out: completion tokens
--   cost_usd: cost of the completions
-- notes:
--   What run_started holds is null where the log has lost its first event.
with

spans as (
    select
        sum(epoch(ended_at - began_at)) as active_seconds,
        arg_max(began_at, first_seq) as last_began,
        max(ended_at) as last_event_at,
        count(*) filter (where resumed) as resumed
    from writers_until(9223372036854775807)
),

ending as (
    select
        max(seq) as last_seq,
        count(*) as events,
        arg_max(type, seq) as last_type
    from events
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
