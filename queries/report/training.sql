-- What a model could learn from: prompts with the answers to them that were better than what was shown.
--
-- Grain: one row for each program that scores at least $min_gain more than its best parent, and more than it,
-- in the order of their making. Reads: programs, prompt_drawn, completion_received.
-- Parameters: $min_gain; $only_ok, whether its status must be ok; $deduplicate, whether of the programs with
-- one source only the first counts; $best, the number of programs with the highest scores to keep, or null.
with

parents as (
    select
        prompt_drawn.draw_id,
        list(
            struct_pack(
                program_id := programs.program_id,
                source := programs.source,
                score := programs.score
            )
            order by parent.position
        ) as shown,
        max(programs.score) as best_score
    from prompt_drawn
    cross join unnest(prompt_drawn.parents) as listed (parent)
    inner join programs on parent.program_id = programs.program_id
    where prompt_drawn.kind = 'parents'
    group by prompt_drawn.draw_id
),

improved as (
    select
        programs.program_id,
        programs.draw_id,
        programs.completion_id,
        programs.source,
        programs.source_hash,
        programs.score,
        programs.score - parents.best_score as gain,
        parents.shown
    from programs
    inner join parents on programs.draw_id = parents.draw_id
    where
        programs.score > parents.best_score
        and programs.score - parents.best_score >= $min_gain
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
    best.shown,
    prompt_drawn.template,
    prompt_drawn.prompt_hash,
    completion_received.sampler,
    completion_received.model,
    completion_received.text
from best
inner join prompt_drawn on best.draw_id = prompt_drawn.draw_id
left join completion_received on best.completion_id = completion_received.completion_id
order by best.program_id;
