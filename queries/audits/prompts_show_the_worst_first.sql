-- Every prompt shows its parents in order, worst score first.
--
-- Grain: one row for each parent that scores less than the one shown before it, or stands out of place.
-- Reads: draws, programs.
with shown as (
    select
        draws.seq,
        draws.draw_id,
        draws.position,
        draws.program_id,
        programs.score,
        lag(programs.score) over (partition by draws.draw_id order by draws.position) as score_before,
        row_number() over (partition by draws.draw_id order by draws.position) - 1 as place
    from draws
    left join programs on draws.program_id = programs.program_id
    where draws.position is not null
)

select
    seq,
    draw_id,
    position,
    place,
    program_id,
    score_before,
    score
from shown
where score < score_before or position <> place
order by seq, position;
