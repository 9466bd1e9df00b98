-- A power law of the rank: clusters by score, the best has rank 1, weight rank^(-exponent).
-- Needs no scale of the scores; equal scores share the better rank.
-- param exponent = 1.5: how steeply the weight falls with the rank

-- name: clusters
with ranked as (
    select
        cluster_id,
        rank() over (partition by island_id order by score desc) as place
    from clusters
)

select
    cluster_id,
    -$exponent * ln(place) as logit
from ranked;
