-- The draws that a log leaves open, with all that is needed to take them up again.
--
-- Grain: one row for each open draw, by number.
-- Reads: main.open_draws and the event views, main.programs (the log, not the projections).
-- `parents` stand in prompt order; `unevaluated` are the completions that came in without their programs.
with

parents as (
    select
        draws.draw_id,
        list({
            'program_id': draws.program_id,
            'source': programs.source,
            'score': programs.score
        } order by draws.position) as parents
    from main.draws as draws
    inner join main.programs as programs on draws.program_id = programs.program_id
    where draws.draw_id in (select open_draws.draw_id from main.open_draws as open_draws)
    group by draws.draw_id
),

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
    coalesce(parents.parents, []) as parents,
    open_draws.received,
    coalesce(unevaluated.completions, []) as unevaluated
from main.open_draws as open_draws
inner join main.prompt_drawn as drawn on open_draws.draw_id = drawn.draw_id
left join parents on open_draws.draw_id = parents.draw_id
left join unevaluated on open_draws.draw_id = unevaluated.draw_id
order by open_draws.draw_id;
