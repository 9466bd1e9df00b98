-- The draws that a log leaves open, with all that is needed to take them up again.
--
-- Grain: one row for each open draw, by number.
-- Reads: main.open_draws and the event views (the log, not the projections).
-- `parents` stand in prompt order; `unevaluated` are the completions that came in without their programs.
with

shown as (from prompts_shown('main.open_draws')),

unevaluated as (
    select
        completions.draw_id,
        list({
            'completion_id': completions.completion_id,
            'ordinal': completions.ordinal,
            'sampler': completions.sampler,
            'text': completions.text
        } order by completions.ordinal) as completions
    from main.completion_received as completions
    anti join main.program_evaluated as programs on completions.completion_id = programs.completion_id
    group by completions.draw_id
)

select
    open_draws.draw_id,
    drawn.batch_id,
    drawn.kind,
    drawn.seed,
    drawn.island_id,
    drawn.epoch,
    drawn.completions,
    drawn.models,
    coalesce(shown.parents, []) as parents,
    coalesce(shown.failures, []) as failures,
    open_draws.received,
    coalesce(unevaluated.completions, []) as unevaluated
from main.open_draws as open_draws
inner join main.prompt_drawn as drawn on open_draws.draw_id = drawn.draw_id
left join shown on open_draws.draw_id = shown.draw_id
left join unevaluated on open_draws.draw_id = unevaluated.draw_id
order by open_draws.draw_id;
