-- How likely does a child beat its better parent, by whoever wrote it and, for mutation, by which operator?
--
-- Grain: one row for each writer and operator, the most frequent first. Reads: proposals(),
-- completion_received. Parameters: $confidence, of the intervals (Wilson's). `operator` is null for a model.
with

counted as (
    select
        coalesce(received.model, proposals.sampler) as writer,
        received.params ->> '$.operator' as operator,
        count(*) as proposals,
        count(proposals.score) as valid,
        count(proposals.beats_parent) as trials,
        count(*) filter (where proposals.beats_parent) as beats_parent,
        count(*) filter (where proposals.is_global_best) as global_best
    from proposals() as proposals
    left join completion_received as received on proposals.completion_id = received.completion_id
    group by all
)

select
    writer,
    operator,
    proposals,
    valid,
    trials,
    beats_parent,
    global_best,
    beats_parent / nullif(trials, 0) as share,
    wilson_low(beats_parent, trials, standard_errors($confidence)) as low,
    wilson_high(beats_parent, trials, standard_errors($confidence)) as high
from counted
order by proposals desc, writer asc, operator asc;
