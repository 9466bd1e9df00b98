-- A run that ended by itself has every draw answered and every answer evaluated.
--
-- Grain: one row for each draw that a run left open though it says that it stopped for a limit.
-- Reads: events, run_stopped, open_draws, prompt_drawn.
with ending as (
    select
        (select arg_max(type, seq) from events) as last_type,
        (select arg_max(reason, seq) from run_stopped) as last_reason
)

select
    drawn.seq,
    open_draws.draw_id,
    open_draws.completions,
    open_draws.received,
    open_draws.evaluated
from open_draws
inner join prompt_drawn as drawn on open_draws.draw_id = drawn.draw_id
cross join ending
where
    ending.last_type = 'run_stopped'
    and ending.last_reason in ('samples', 'minutes', 'target', 'tokens')
order by drawn.seq;
