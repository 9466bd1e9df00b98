-- Every program came from a completion of its draw received before it, and no completion made two programs.
--
-- Grain: one row for each program that did not. Reads: program_evaluated, completion_received.
with numbered as (
    select
        *,
        row_number() over (partition by completion_id order by seq) as nth
    from program_evaluated
    where draw_id is not null
)

select
    numbered.seq,
    numbered.program_id,
    numbered.completion_id,
    received.seq as completion_seq,
    numbered.draw_id,
    received.draw_id as completion_draw_id,
    numbered.nth
from numbered
left join completion_received as received on numbered.completion_id = received.completion_id
where
    not coalesce(received.seq < numbered.seq and received.draw_id = numbered.draw_id, false)
    or numbered.nth > 1
order by numbered.seq;
