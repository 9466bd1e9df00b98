-- When did each new best come, and what did it cost since the one before?
--
-- group: run
-- grain: one row for each program that was better than all before it
-- reads: best_so_far, completion_received, program_evaluated, events
-- columns:
--   program_id: the program
--   seq: the event that holds it
--   score: its score
--   gain: how much better it was than the best before; null for the first
--   sampler: who wrote it
--   island_id: the island that it was made for
--   samples: completions received until then
--   programs: programs evaluated until then
--   seconds: time until then during which a writer was at work
--   tokens: tokens of prompts and completions until then; null where none are reported
--   cost_usd: cost until then; null where none is reported
--   samples_since: completions since the new best before
--   programs_since: programs since the new best before
--   seconds_since: time since the new best before
--   tokens_since: tokens since the new best before: the price of this improvement
--   cost_usd_since: cost since the new best before
-- notes:
--   Whatever became of the program: a stale or duplicate one counts.
select
    program_id,
    seq,
    score,
    gain,
    sampler,
    island_id,
    samples,
    programs,
    seconds,
    tokens,
    cost_usd,
    samples - lag(samples, 1, 0) over (order by seq) as samples_since,
    programs - lag(programs, 1, 0) over (order by seq) as programs_since,
    seconds - lag(seconds, 1, 0.0) over (order by seq) as seconds_since,
    tokens - coalesce(lag(tokens) over (order by seq), 0) as tokens_since,
    cost_usd - coalesce(lag(cost_usd) over (order by seq), 0.0) as cost_usd_since
from bests_and_end()
where program_id is not null
order by seq;
