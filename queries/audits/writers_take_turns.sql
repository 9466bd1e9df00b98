-- Only a resumption or a fork follows the end of a run, and nothing was decided as of what was still to come.
--
-- Grain: one row for each event of which that is not true. Reads: events, prompt_drawn, island_reset.
with

followed as (
    select
        seq,
        type,
        lag(type) over (order by seq) as type_before
    from events
),

decided as (
    select
        seq,
        as_of
    from prompt_drawn
    union all
    select
        seq,
        as_of
    from island_reset
)

select
    followed.seq,
    followed.type,
    followed.type_before,
    decided.as_of
from followed
left join decided on followed.seq = decided.seq
where
    (followed.type_before = 'run_stopped' and followed.type not in ('run_resumed', 'run_forked'))
    or (followed.type = 'run_started') <> (followed.seq = 0)
    or decided.as_of not between 0 and followed.seq - 1
order by followed.seq;
