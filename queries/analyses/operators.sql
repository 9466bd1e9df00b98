-- Are the proposals any good: how likely does a child beat its better parent, or become a new best, by how
-- much?
--
-- group: operators
-- grain: one row for each value of what the proposals are grouped by
-- reads: program_evaluated, prompt_drawn, completion_received
-- parameters:
--   by varchar = 'sampler' | 'writer' | 'model' | 'temperature' | 'island' | 'epoch' | 'parent' |
--     'template' | 'policy' | 'stage': what proposals are grouped by: who was asked; the model, or where
--     there is none the sampler; the model; its temperature; the island; its epoch; how the better parent
--     stood when the child was judged; the prompt's template; the selection policy; the part of the run
--   stages bigint = 4: how many equal parts the run has for by=stage
--   confidence double = 0.95: of the intervals
-- columns:
--   value: the value, null where the proposal has none
--   proposals: programs proposed, failures too
--   valid: those with a score
--   valid_share: their share
--   trials: proposals made from parents
--   beats_parent: those of them that scored higher than the better parent
--   beats_parent_share: their share of the trials: the probability that a child beats its better parent
--   beats_parent_low: lower end of its interval (Wilson)
--   beats_parent_high: upper end
--   island_best: proposals that became the best of their island
--   island_best_share: their share of the proposals
--   island_best_low: lower end of its interval (Wilson)
--   island_best_high: upper end
--   global_best: proposals better than all before them
--   global_best_share: their share of the proposals
--   global_best_low: lower end of its interval (Wilson)
--   global_best_high: upper end
--   gain: score of the child less that of its better parent, the mean of the valid ones; mostly negative
--   gain_low: lower end of its interval (normal)
--   gain_high: upper end
--   improvement: the same with 0 for a child that is no better or has no score: what a proposal is worth
--   improvement_low: lower end of its interval (normal)
--   improvement_high: upper end
-- notes:
--   The intervals take proposals for independent, which those of one prompt are not quite. Values are
--   compared within one run, where what a writer was shown depends on what the others made before.
with

dated as (
    select (max(program_id) + 1)::double as programs
    from program_evaluated
),

grouped as (
    select
        proposals.score,
        proposals.gain,
        proposals.beats_parent,
        proposals.is_island_best,
        proposals.is_global_best,
        case $by
            when 'sampler' then proposals.sampler
            when 'writer' then coalesce(received.model, proposals.sampler)
            when 'model' then received.model
            when 'temperature' then received.params ->> '$.temperature'
            when 'island' then proposals.island_id::varchar
            when 'epoch' then proposals.epoch::varchar
            when 'parent' then proposals.parent_standing
            when 'template' then drawn.template
            when 'policy' then drawn.policy
            else (floor(proposals.program_id * $stages / dated.programs)::bigint + 1)::varchar
        end as chosen
    from proposals() as proposals
    left join completion_received as received on proposals.completion_id = received.completion_id
    left join prompt_drawn as drawn on proposals.draw_id = drawn.draw_id
    cross join dated
),

counted as (
    select
        chosen,
        count(*) as proposals,
        count(score) as valid,
        count(beats_parent) as trials,
        count(*) filter (where beats_parent) as beats_parent,
        count(*) filter (where is_island_best) as island_best,
        count(*) filter (where is_global_best) as global_best,
        avg(gain) as gain,
        stddev_samp(gain) as gain_deviation,
        count(gain) as gains,
        avg(greatest(coalesce(gain, 0), 0)) filter (where beats_parent is not null) as improvement,
        stddev_samp(greatest(coalesce(gain, 0), 0)) filter (where beats_parent is not null)
            as improvement_deviation
    from grouped
    group by chosen
),

sure as (
    select
        *,
        standard_errors($confidence) as z
    from counted
)

select
    chosen as value,
    proposals,
    valid,
    valid / proposals as valid_share,
    trials,
    beats_parent,
    beats_parent / nullif(trials, 0) as beats_parent_share,
    wilson_low(beats_parent, trials, z) as beats_parent_low,
    wilson_high(beats_parent, trials, z) as beats_parent_high,
    island_best,
    island_best / proposals as island_best_share,
    wilson_low(island_best, proposals, z) as island_best_low,
    wilson_high(island_best, proposals, z) as island_best_high,
    global_best,
    global_best / proposals as global_best_share,
    wilson_low(global_best, proposals, z) as global_best_low,
    wilson_high(global_best, proposals, z) as global_best_high,
    gain,
    gain - mean_reach(gain_deviation, gains, z) as gain_low,
    gain + mean_reach(gain_deviation, gains, z) as gain_high,
    improvement,
    improvement - mean_reach(improvement_deviation, trials, z) as improvement_low,
    improvement + mean_reach(improvement_deviation, trials, z) as improvement_high
from sure
order by try_cast(chosen as double) asc nulls last, proposals desc, chosen asc;
