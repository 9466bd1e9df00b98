-- The worst islands are emptied, and each starts again with new random programs.
-- param every_programs = 1000 >= 0: programs evaluated between two resets; 0: never by programs
-- param every_hours = 0.0 >= 0: hours between two resets; 0: never by the clock
-- param fraction = 0.5: share of the islands that is reset

-- name: due
select
    ($every_programs > 0 and programs_since_reset >= $every_programs)
    or ($every_hours > 0 and hours_since_reset >= $every_hours) as due
from progress;

-- name: ranking
select
    island_id,
    best_score as rank_key
from islands;
