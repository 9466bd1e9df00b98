-- Every living program of the island with the same probability: selection by nothing at all.

-- name: clusters
select
    cluster_id,
    ln(programs) as logit
from clusters;

-- name: programs
select
    program_id,
    0.0 as logit
from population;
