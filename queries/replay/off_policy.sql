-- What a policy's draws would have begot, one by one, on this archive: self-normalised importance sampling.
-- Grain: one row for each (arm, outcome). Reads: replay.weights, replay.children.
-- `estimate` is SNIPS, sum(w r) / sum(w); `unnormalised` IPS, sum(w r) / n; `logged` the plain mean;
-- `difference` is what they differ by. Standard
-- errors are those of ratios, linearised and clustered by draw: the children of one prompt are not
-- independent.
with

outcomes as (
    unpivot (
        select
            draw_id,
            score,
            valid::double as valid,
            beats_parent::double as beats_parent,
            island_best::double as island_best,
            global_best::double as global_best
        from replay.children
    )
    on score, valid, beats_parent, island_best, global_best
    into name outcome value reward
),

draws as (
    select
        draw_id,
        outcome,
        count(*) as children,
        sum(reward) as total
    from outcomes
    group by draw_id, outcome
),

weighed as (
    select
        weights.arm,
        draws.*,
        weights.weight
    from draws
    inner join replay.weights on draws.draw_id = weights.draw_id
),

estimates as (
    select
        arm,
        outcome,
        count(*) as draws,
        sum(children)::bigint as children,
        sum(weight * children) as weight,
        sum(weight * total) / nullif(sum(weight * children), 0) as estimate,
        sum(weight * total) / sum(children) as unnormalised,
        sum(total) / sum(children) as logged
    from weighed
    group by arm, outcome
),

residuals as (
    select
        estimates.arm,
        estimates.outcome,
        weighed.weight * (weighed.total - estimates.estimate * weighed.children) / estimates.weight as own,
        (weighed.total - estimates.logged * weighed.children) / estimates.children as logged
    from weighed
    inner join estimates
        on
            weighed.arm = estimates.arm
            and weighed.outcome = estimates.outcome
),

errors as (
    select
        arm,
        outcome,
        sqrt(sum(own * own)) as error,
        sqrt(sum(logged * logged)) as logged_error,
        sqrt(sum((own - logged) * (own - logged))) as difference_error
    from residuals
    group by arm, outcome
)

select
    estimates.arm,
    estimates.outcome,
    estimates.draws,
    estimates.children,
    estimates.unnormalised,
    estimates.estimate,
    errors.error,
    estimates.logged,
    errors.logged_error,
    estimates.estimate - estimates.logged as difference,
    errors.difference_error
from estimates
inner join errors
    on
        estimates.arm = errors.arm
        and estimates.outcome = errors.outcome
order by estimates.arm, estimates.outcome;
