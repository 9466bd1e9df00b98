-- What prompts showed: parents as they were, and what had failed lately on their island.

-- Programs that came to nothing by their own fault, and held something that a model can learn from.
-- Grain: one row for each, as of an event.
create or replace macro failed_until(n) as table
select
    program_id,
    seq,
    island_id,
    status,
    error
from program_evaluated_as_of(n)
where
    draw_id is not null
    and score is null
    and status not in ('no_program', 'forged', 'sandbox_error');

-- The last failures of each island, of whatever epoch: as many as a prompt can show.
-- Grain: one row for each.
create or replace macro recent_failures_as_of(n) as table
from failed_until(n)
qualify row_number() over (partition by island_id order by seq desc) <= 10;

-- What evaluators said of programs, of each source once: it is run once, and its copies say nothing.
-- Grain: one row for each source of which something was said.
create or replace macro evaluators_said() as table
select
    source_hash,
    arg_min(feedback, seq) as feedback
from program_evaluated_as_of(9223372036854775807)
where feedback is not null
group by source_hash;

-- What the prompts of draws showed, beside the problem.
-- Grain: one row for each draw of kind parents in the relation named by `draws`, by its draw_id.
-- `parents` stand in prompt order, `failures` are the last ones as of the draw, the newest first.
create or replace macro prompts_shown(draws) as table
with

asked as (
    select named.draw_id
    from query_table(draws) as named
),

drawn as (
    select
        draw_id,
        island_id,
        as_of,
        parents
    from prompt_drawn_as_of(9223372036854775807)
    where
        kind = 'parents'
        and draw_id in (select asked.draw_id from asked)
),

placed as (
    select
        drawn.draw_id,
        parent.position,
        parent.program_id
    from drawn
    cross join unnest(drawn.parents) as listed (parent)
),

shown as (
    select
        placed.draw_id,
        list({
            'program_id': programs.program_id,
            'source': programs.source,
            'score': programs.score,
            'scores': programs.scores,
            'feedback': said.feedback
        } order by placed.position) as parents
    from placed
    inner join program_evaluated_as_of(9223372036854775807) as programs
        on placed.program_id = programs.program_id
    left join evaluators_said() as said
        on programs.source_hash = said.source_hash
    group by placed.draw_id
),

failed as (
    select
        *,
        row_number() over (partition by island_id order by seq) as place
    from failed_until(9223372036854775807)
),

-- Which failure was the last one as of each draw.
last_failed as (
    select
        drawn.draw_id,
        drawn.island_id,
        failed.place
    from drawn
    asof inner join failed on drawn.island_id = failed.island_id and drawn.as_of >= failed.seq
),

failures as (
    select
        last_failed.draw_id,
        list(
            struct_pack(status := failed.status, error := failed.error)
            order by failed.place desc
        ) as failures
    from last_failed
    inner join failed
        on
            last_failed.island_id = failed.island_id
            and failed.place between last_failed.place - 9 and last_failed.place
    group by last_failed.draw_id
)

select
    drawn.draw_id,
    coalesce(shown.parents, []) as parents,
    coalesce(failures.failures, []) as failures
from drawn
left join shown on drawn.draw_id = shown.draw_id
left join failures on drawn.draw_id = failures.draw_id;
