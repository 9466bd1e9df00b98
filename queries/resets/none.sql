-- Islands are never reset.

-- name: due
select false as due;

-- name: ranking
select
    island_id,
    best_score as rank_key
from islands;
