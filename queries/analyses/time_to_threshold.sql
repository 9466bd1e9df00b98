-- What did it take to reach a score?
--
-- group: run
-- grain: one row
-- reads: best_so_far, completion_received, program_evaluated, events
-- parameters:
--   threshold double = null: the score to be reached; left out: the run's best
-- columns:
--   threshold: the score to be reached
--   reached: whether it was
--   program_id: the first program that did
--   score: its score
--   samples: completions received until then; as all that follows, until the end of the log where it was
--     not
--   programs: programs evaluated until then
--   seconds: time until then during which a writer was at work
--   tokens: tokens until then
--   cost_usd: cost until then
with

steps as materialized (from bests_and_end()), -- noqa: ST03

best as (
    select max(score) as score
    from steps
),

asked as (
    select coalesce($threshold::double, best.score) as threshold
    from best
)

select
    asked.threshold,
    steps.program_id is not null as reached,
    steps.program_id,
    steps.score,
    steps.samples,
    steps.programs,
    steps.seconds,
    steps.tokens,
    steps.cost_usd
from steps
cross join asked
where steps.program_id is null or steps.score >= asked.threshold
order by steps.program_id is null, steps.seq
limit 1;
