-- How far the logged draws bear on each policy.
-- Grain: one row for each arm. Reads: replay.weights.
-- `effective` is Kish's effective sample size, sum(w)^2 / sum(w^2), in draws; `impossible` counts the draws
-- whose prompt the policy would never have drawn; `untold` those whose probability is below what doubles
-- tell.
select
    arm,
    count(*) as draws,
    avg(weight) as mean_weight,
    coalesce(sum(weight) * sum(weight) / nullif(sum(weight * weight), 0), 0) as effective,
    max(weight) as largest,
    count(*) filter (where weight = 0) as impossible,
    count(*) filter (where not isfinite(weight)) as untold
from replay.weights
group by arm
order by arm;
