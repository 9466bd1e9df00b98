-- How long did the search go on without a new best?
--
-- group: run
-- grain: one row for each streak between two new bests, and after the last, the longest first
-- reads: best_so_far, completion_received, program_evaluated, events
-- parameters:
--   top bigint = 10: how many streaks are listed
-- columns:
--   program_id: the best program throughout the streak
--   score: its score
--   until_program_id: the new best that ended it; null for the streak that the log ends in
--   programs: programs evaluated in it
--   samples: completions received in it
--   seconds: how long it was, of the time during which a writer was at work
--   tokens: tokens spent in it
--   share: its share of the programs of the run
with

steps as (
    select
        program_id,
        score,
        seq,
        lead(program_id) over following as until_program_id,
        lead(programs) over following - programs as lasted_programs,
        lead(samples) over following - samples as lasted_samples,
        lead(seconds) over following - seconds as lasted_seconds,
        lead(tokens) over following - coalesce(tokens, 0) as lasted_tokens,
        max(programs) over () as all_programs
    from bests_and_end()
    window following as (order by seq, program_id nulls last)
)

select
    program_id,
    score,
    until_program_id,
    lasted_programs as programs,
    lasted_samples as samples,
    lasted_seconds as seconds,
    lasted_tokens as tokens,
    lasted_programs / nullif(all_programs, 0) as share
from steps
where program_id is not null
order by lasted_programs desc, program_id asc
limit $top;
