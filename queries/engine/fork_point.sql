-- Where a run can be forked: after an event, before a new best was drawn, or after a reset.
--
-- Grain: one row, none where there is no such event, new best or reset; `seq` is the last event to share.
-- Reads: the log's event views.
-- Parameters: $kind ('seq', 'best' or 'reset'); $number, the event, how many new bests to go back (1: the
--   last one), or the reset's number.
-- A reset and the copies that found its islands are one: where an event lies within, all of them are shared.
with

bests as (
    select
        programs.draw_id,
        row_number() over (order by programs.seq desc) as back
    from (
        select
            *,
            max(score) over (order by seq rows between unbounded preceding and 1 preceding) as best_before
        from program_evaluated
    ) as programs
    where programs.draw_id is not null and programs.score > programs.best_before
),

asked as (
    select $number::bigint as seq
    where $kind = 'seq'
    union all
    select prompt_drawn.as_of as seq
    from bests
    inner join prompt_drawn on bests.draw_id = prompt_drawn.draw_id
    where $kind = 'best' and bests.back = $number
    union all
    select island_reset.seq
    from island_reset
    where $kind = 'reset' and island_reset.reset_id = $number
),

resets as (
    select
        island_reset.seq as first_seq,
        island_reset.seq
        + len(list_filter(
            island_reset.islands, lambda island: island.founder_program_id is not null
        )) as last_seq
    from island_reset
)

select coalesce(max(resets.last_seq), any_value(asked.seq)) as seq
from asked
left join resets on asked.seq >= resets.first_seq and asked.seq < resets.last_seq
group by asked.seq;
