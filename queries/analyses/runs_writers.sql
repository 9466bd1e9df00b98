-- Which writer proposes better programs on a problem, over all runs: is a model any better than mutation?
--
-- group: across
-- grain: one row for each writer on each problem
-- reads: runs, runs_operators
-- parameters:
--   baseline varchar = 'mutation': the writer that the others are compared with
--   confidence double = 0.95: of the intervals
-- columns:
--   problem: the problem
--   writer: the model, or where there is none the sampler
--   runs: runs that it wrote for
--   proposals: programs that it proposed
--   valid_share: share of them with a score
--   trials: proposals made from parents
--   beats_parent: those of them that scored higher than the better parent
--   beats_parent_share: their share
--   beats_parent_low: lower end of its interval (Wilson)
--   beats_parent_high: upper end
--   difference: that share less the baseline's
--   difference_low: lower end of its interval (Newcombe's)
--   difference_high: upper end
--   global_best: proposals that were better than all before them in their run
--   global_best_share: their share of the proposals
--   global_best_low: lower end of its interval (Wilson)
--   global_best_high: upper end
-- notes:
--   It is the harder to beat a parent the better the parents are, so a writer whose runs got further looks
--   worse: compare runs of one length, and see best_at_budget for what they came to.
with

counted as (
    select
        runs.problem,
        runs_operators.writer,
        count(distinct runs.run) as runs,
        sum(runs_operators.proposals)::bigint as proposals,
        sum(runs_operators.valid)::bigint as valid,
        sum(runs_operators.trials)::bigint as trials,
        sum(runs_operators.beats_parent)::bigint as beats_parent,
        sum(runs_operators.global_best)::bigint as global_best
    from runs_operators
    inner join runs on runs_operators.run = runs.run
    group by runs.problem, runs_operators.writer
),

sure as (
    select
        *,
        standard_errors($confidence) as z
    from counted
),

shares as (
    select
        *,
        beats_parent / nullif(trials, 0) as share,
        wilson_low(beats_parent, trials, z) as low,
        wilson_high(beats_parent, trials, z) as high
    from sure
)

select
    shares.problem,
    shares.writer,
    shares.runs,
    shares.proposals,
    shares.valid / shares.proposals as valid_share,
    shares.trials,
    shares.beats_parent,
    shares.share as beats_parent_share,
    shares.low as beats_parent_low,
    shares.high as beats_parent_high,
    shares.share - base.share as difference,
    shares.share - base.share - sqrt(pow(shares.share - shares.low, 2) + pow(base.high - base.share, 2))
        as difference_low,
    shares.share - base.share + sqrt(pow(shares.high - shares.share, 2) + pow(base.share - base.low, 2))
        as difference_high,
    shares.global_best,
    shares.global_best / shares.proposals as global_best_share,
    wilson_low(shares.global_best, shares.proposals, shares.z) as global_best_low,
    wilson_high(shares.global_best, shares.proposals, shares.z) as global_best_high
from shares
left join shares as base
    on
        shares.problem = base.problem
        and shares.writer <> base.writer
        and base.writer = $baseline
order by shares.problem asc, shares.share desc nulls last, shares.writer asc;
