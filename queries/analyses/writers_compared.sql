-- Does one writer of programs do better than another: a model than mutation, one model than another?
--
-- group: operators
-- grain: one row for each two writers of the run, and each of two measures
-- reads: program_evaluated, completion_received
-- parameters:
--   confidence double = 0.95: of the intervals
-- columns:
--   measure: beats_parent (a child beats its better parent) or global_best (it is better than all before
--     it)
--   writer: one writer: the model, or where there is none the sampler
--   other: the other writer
--   trials: proposals of the first, with parents for beats_parent
--   share: how many of them did
--   other_trials: proposals of the other
--   other_share: how many of them did
--   difference: share less other_share
--   difference_low: lower end of its interval (Newcombe's, from two intervals of Wilson)
--   difference_high: upper end
--   differs: whether 0 lies outside of the interval
-- notes:
--   Both wrote for the same islands, so they were shown much the same programs. For writers of different
--   runs see runs_writers.
with

written as (
    select
        coalesce(received.model, proposals.sampler) as writer,
        proposals.beats_parent,
        proposals.is_global_best
    from proposals() as proposals
    left join completion_received as received on proposals.completion_id = received.completion_id
),

counted as (
    select
        writer,
        'beats_parent' as measure,
        count(beats_parent) as trials,
        count(*) filter (where beats_parent) as hits
    from written
    group by writer
    union all
    select
        writer,
        'global_best' as measure,
        count(*) as trials,
        count(*) filter (where is_global_best) as hits
    from written
    group by writer
),

sure as (
    select
        counted.*,
        hits / trials as share,
        wilson_low(hits, trials, standard_errors($confidence)) as low,
        wilson_high(hits, trials, standard_errors($confidence)) as high
    from counted
    where trials > 0
),

paired as (
    select
        sure.measure,
        sure.writer,
        other.writer as other,
        sure.trials,
        sure.share,
        other.trials as other_trials,
        other.share as other_share,
        sure.share - other.share as difference,
        sqrt(pow(sure.share - sure.low, 2) + pow(other.high - other.share, 2)) as reach_down,
        sqrt(pow(sure.high - sure.share, 2) + pow(other.share - other.low, 2)) as reach_up
    from sure
    inner join sure as other
        on
            sure.measure = other.measure
            and (sure.share, sure.writer) > (other.share, other.writer)
)

select
    measure,
    writer,
    other,
    trials,
    share,
    other_trials,
    other_share,
    difference,
    difference - reach_down as difference_low,
    difference + reach_up as difference_high,
    difference - reach_down > 0 or difference + reach_up < 0 as differs
from paired
order by measure asc, share desc, other_share desc, writer asc, other asc;
