-- How good a program does a run find on average for a budget?
--
-- group: across
-- grain: one row for each setting of each problem
-- reads: runs, runs_progress
-- parameters:
--   budget double = null: how much may be spent; left out: the largest budget that every run spent
--   axis varchar = 'samples' | 'programs' | 'seconds' | 'tokens' | 'cost_usd': what is spent
--   confidence double = 0.95: of the interval
--   resamples bigint = 1000: resamples of the bootstrap
-- columns:
--   problem: the problem
--   setting: what the runs have in common
--   budget: how much may be spent
--   runs: runs that spent as much, and had a score by then
--   shorter: runs left out, for they ended before
--   mean_best: the best score by then, the mean
--   mean_best_low: lower end of its interval (bootstrap, percentiles)
--   mean_best_high: upper end
--   median_best: the median
--   worst: the run that was worst then
--   best: the run that was best then
with

settled as (
    select
        common_budget($budget, $axis) as spent,
        (1 - $confidence) / 2 as tail
),

bests as materialized (
    select
        problem,
        setting,
        best_score,
        row_number() over (partition by problem, setting order by seed, run) - 1 as place,
        count(*) over (partition by problem, setting) as runs
    from runs_best_at(common_budget($budget, $axis), $axis)
    where best_score is not null
),

replicates as (
    select unnest(range($resamples)) as replicate
),

resampled as (
    select
        bests.problem,
        bests.setting,
        replicates.replicate,
        avg(picked.best_score) as mean_best
    from bests
    cross join replicates
    inner join bests as picked
        on
            bests.problem = picked.problem
            and bests.setting = picked.setting
            and bootstrap_pick(replicates.replicate, bests.place, bests.runs) = picked.place
    group by bests.problem, bests.setting, replicates.replicate
),

sorted as (
    select
        problem,
        setting,
        list(mean_best order by mean_best) as means
    from resampled
    group by problem, setting
),

intervals as (
    select
        sorted.problem,
        sorted.setting,
        sorted_low(sorted.means, settled.tail) as low,
        sorted_high(sorted.means, settled.tail) as high
    from sorted
    cross join settled
),

summed as (
    select
        problem,
        setting,
        count(*) as runs,
        avg(best_score) as mean_best,
        median(best_score) as median_best,
        min(best_score) as worst,
        max(best_score) as best
    from bests
    group by problem, setting
),

all_runs as (
    select
        problem,
        setting,
        count(*) as runs
    from runs
    group by problem, setting
)

select
    all_runs.problem,
    all_runs.setting,
    settled.spent as budget,
    coalesce(summed.runs, 0) as runs,
    all_runs.runs - coalesce(summed.runs, 0) as shorter,
    summed.mean_best,
    intervals.low as mean_best_low,
    intervals.high as mean_best_high,
    summed.median_best,
    summed.worst,
    summed.best
from all_runs
cross join settled
left join summed
    on
        all_runs.problem = summed.problem
        and all_runs.setting = summed.setting
left join intervals
    on
        all_runs.problem = intervals.problem
        and all_runs.setting = intervals.setting
order by all_runs.problem asc, summed.mean_best desc nulls last, all_runs.setting asc;
