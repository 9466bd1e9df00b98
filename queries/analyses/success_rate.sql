-- How many of the runs reached a score?
--
-- group: across
-- grain: one row for each setting of each problem
-- reads: runs
-- parameters:
--   threshold double = null: the score to be reached; left out: the best of all runs of the problem
--   confidence double = 0.95: of the interval
-- columns:
--   problem: the problem
--   setting: what the runs have in common: who wrote the programs, the policy, and what differs between
--     runs
--   threshold: the score to be reached
--   runs: how many runs
--   reached: how many of them reached it
--   rate: their share
--   rate_low: lower end of its interval (Wilson)
--   rate_high: upper end
--   median_samples: completions that the runs which reached it had received in all, the median
-- notes:
--   The paper's own figure is of this kind: 4 of 140 runs found a cap set of 512 (Nature 2023), a rate of
--   2.9 %, between 1.1 % and 7.1 %. Runs of different length are counted alike; time_to_target tells them
--   apart.
with

bests as (
    select
        problem,
        setting,
        samples,
        best_score,
        max(best_score) over (partition by problem) as problem_best
    from runs
),

aimed as (
    select
        problem,
        setting,
        samples,
        best_score,
        coalesce($threshold::double, problem_best) as aim
    from bests
),

counted as (
    select
        problem,
        setting,
        any_value(aim) as aim,
        count(*) as runs,
        count(*) filter (where best_score >= aim) as reached,
        median(samples) filter (where best_score >= aim) as median_samples
    from aimed
    group by problem, setting
),

sure as (
    select
        *,
        standard_errors($confidence) as z
    from counted
)

select
    problem,
    setting,
    aim as threshold,
    runs,
    reached,
    reached / runs as rate,
    wilson_low(reached, runs, z) as rate_low,
    wilson_high(reached, runs, z) as rate_high,
    median_samples
from sure
order by problem asc, rate desc, setting asc;
