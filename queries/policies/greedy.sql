-- Always a cluster with the island's best score; within it shorter programs are preferred, as in FunSearch.

-- name: clusters
select
    clusters.cluster_id,
    if(clusters.score = islands.best_score, 0.0, '-infinity'::double) as logit
from clusters
inner join islands on clusters.island_id = islands.island_id;
