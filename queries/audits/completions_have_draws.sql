-- Every completion answers a draw made before it, one that was asked for, and each is there once.
--
-- Grain: one row for each completion that does not, or that has both a text and an error, or neither.
-- Reads: completion_received, prompt_drawn.
with numbered as (
    select
        *,
        row_number() over (partition by draw_id, ordinal order by seq) as nth
    from completion_received
)

select
    numbered.seq,
    numbered.completion_id,
    numbered.draw_id,
    drawn.seq as draw_seq,
    numbered.ordinal,
    drawn.completions,
    numbered.nth
from numbered
left join prompt_drawn as drawn on numbered.draw_id = drawn.draw_id
where
    not coalesce(drawn.seq < numbered.seq and numbered.ordinal between 0 and drawn.completions - 1, false)
    or numbered.nth > 1
    or (numbered.text is null) = (numbered.error is null)
order by numbered.seq;
