-- Is one setting better than another, on the same seeds?
--
-- group: across
-- grain: one row for each two settings of a problem
-- reads: runs, runs_progress
-- parameters:
--   budget double = null: how much may be spent; left out: the largest budget that every run spent
--   axis varchar = 'samples' | 'programs' | 'seconds' | 'tokens' | 'cost_usd': what is spent
--   confidence double = 0.95: of the interval
--   resamples bigint = 1000: resamples of the bootstrap
-- columns:
--   problem: the problem
--   setting: one setting, the better of the two on average
--   other: the other
--   budget: how much may be spent
--   pairs: seeds that both have a run of, long enough; runs of one setting and seed are averaged
--   mean_best: the best score of the one by then, the mean over the pairs
--   other_mean_best: the same of the other
--   difference: mean_best less other_mean_best
--   difference_low: lower end of its interval (bootstrap over the pairs, percentiles); null of one pair
--   difference_high: upper end
--   wins: pairs in which the one was better
--   ties: pairs in which they were as good
--   superiority: probability that the one is better on a seed: wins and half of the ties over pairs
--   superiority_low: lower end of its interval (Wilson, half a tie counted as half a win)
--   superiority_high: upper end
--   differs: whether 0 lies outside of the interval of the difference; null of one pair
-- notes:
--   One seed means the same luck only as long as both runs stand alike; after that, pairing does no harm.
with

settled as (
    select
        common_budget($budget, $axis) as spent,
        (1 - $confidence) / 2 as tail,
        standard_errors($confidence) as z
),

bests as materialized (
    select
        problem,
        setting,
        seed,
        avg(best_score) as best_score
    from runs_best_at(common_budget($budget, $axis), $axis)
    where best_score is not null
    group by problem, setting, seed
),

matched as (
    select
        bests.problem,
        bests.setting,
        other.setting as other,
        bests.seed,
        bests.best_score,
        other.best_score as other_best_score
    from bests
    inner join bests as other
        on
            bests.problem = other.problem
            and bests.seed = other.seed
            and bests.setting <> other.setting
),

-- Of the two orders of two settings the one in which the first is better.
ranked as (
    select
        *,
        avg(best_score - other_best_score) over both_settings as mean_difference
    from matched
    window both_settings as (partition by problem, setting, other)
),

pairs as materialized (
    select
        *,
        row_number() over (partition by problem, setting, other order by seed) - 1 as place,
        count(*) over (partition by problem, setting, other) as pairs
    from ranked
    where mean_difference > 0 or (mean_difference = 0 and setting < other)
),

replicates as (
    select unnest(range($resamples)) as replicate
),

resampled as (
    select
        pairs.problem,
        pairs.setting,
        pairs.other,
        replicates.replicate,
        avg(picked.best_score - picked.other_best_score) as difference
    from pairs
    cross join replicates
    inner join pairs as picked
        on
            pairs.problem = picked.problem
            and pairs.setting = picked.setting
            and pairs.other = picked.other
            and bootstrap_pick(replicates.replicate, pairs.place, pairs.pairs) = picked.place
    group by pairs.problem, pairs.setting, pairs.other, replicates.replicate
),

sorted as (
    select
        problem,
        setting,
        other,
        list(difference order by difference) as differences
    from resampled
    group by problem, setting, other
),

intervals as (
    select
        sorted.problem,
        sorted.setting,
        sorted.other,
        sorted_low(sorted.differences, settled.tail) as low,
        sorted_high(sorted.differences, settled.tail) as high
    from sorted
    cross join settled
),

summed as (
    select
        problem,
        setting,
        other,
        count(*) as pairs,
        avg(best_score) as mean_best,
        avg(other_best_score) as other_mean_best,
        count(*) filter (where best_score > other_best_score) as wins,
        count(*) filter (where best_score = other_best_score) as ties
    from pairs
    group by problem, setting, other
)

select
    summed.problem,
    summed.setting,
    summed.other,
    settled.spent as budget,
    summed.pairs,
    summed.mean_best,
    summed.other_mean_best,
    summed.mean_best - summed.other_mean_best as difference,
    case when summed.pairs > 1 then intervals.low end as difference_low,
    case when summed.pairs > 1 then intervals.high end as difference_high,
    summed.wins,
    summed.ties,
    (summed.wins + summed.ties / 2) / summed.pairs as superiority,
    wilson_low(summed.wins + summed.ties / 2, summed.pairs, settled.z) as superiority_low,
    wilson_high(summed.wins + summed.ties / 2, summed.pairs, settled.z) as superiority_high,
    case when summed.pairs > 1 then intervals.low > 0 or intervals.high < 0 end as differs
from summed
cross join settled
inner join intervals
    on
        summed.problem = intervals.problem
        and summed.setting = intervals.setting
        and summed.other = intervals.other
order by summed.problem asc, difference desc, summed.setting asc, summed.other asc;
