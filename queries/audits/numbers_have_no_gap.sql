-- Draws, completions, programs and resets are each numbered 0, 1, 2, … in the order of the log.
--
-- Grain: one row for each number out of place.
-- Reads: prompt_drawn, completion_received, program_evaluated, island_reset.
with

numbers as (
    select
        'draw' as numbered,
        seq,
        draw_id as number
    from prompt_drawn
    union all
    select
        'completion' as numbered,
        seq,
        completion_id as number
    from completion_received
    union all
    select
        'program' as numbered,
        seq,
        program_id as number
    from program_evaluated
    union all
    select
        'reset' as numbered,
        seq,
        reset_id as number
    from island_reset
),

places as (
    select
        *,
        row_number() over (partition by numbered order by seq) - 1 as place
    from numbers
)

select
    seq,
    numbered,
    number,
    place
from places
where number is distinct from place
order by seq;
