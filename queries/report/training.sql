-- What a model could learn from: prompts with the answers to them that were better than what was shown.
--
-- Grain: one row for each program that scores at least $min_gain more than its best parent, and more than it,
-- in the order of their making. Reads: programs, prompt_drawn, completion_received.
-- Parameters: $min_gain; $only_ok, whether its status must be ok; $deduplicate, whether of the programs with
-- one source only the first counts; $best, the number of programs with the highest scores to keep, or null.
with

shown as (from prompts_shown('prompt_drawn')),

improved as (
    select
        programs.program_id,
        programs.draw_id,
        programs.completion_id,
        programs.source,
        programs.source_hash,
        programs.score,
        programs.score - list_max([parent.score for parent in shown.parents]) as gain,
        shown.parents,
        shown.failures
    from programs
    inner join shown on programs.draw_id = shown.draw_id
    where
        gain > 0
        and gain >= $min_gain
        and programs.source is not null
        and (programs.status = 'ok' or not $only_ok)
),

distinct_sources as (
    select *
    from improved
    qualify not $deduplicate or row_number() over (partition by source_hash order by program_id) = 1
),

best as (
    select *
    from distinct_sources
    qualify $best is null or row_number() over (order by score desc, program_id asc) <= $best
)

select
    best.program_id,
    best.source,
    best.score,
    best.gain,
    best.draw_id,
    best.parents,
    best.failures,
    prompt_drawn.template,
    prompt_drawn.prompt_hash,
    completion_received.sampler,
    completion_received.model,
    completion_received.text
from best
inner join prompt_drawn on best.draw_id = prompt_drawn.draw_id
left join completion_received on best.completion_id = completion_received.completion_id
order by best.program_id;
