-- FunSearch's resets (Nature 2023, Methods): the worst islands are emptied, and each starts again from the
-- best program of a surviving island that is chosen uniformly.
-- param every_programs = 1000 >= 0: programs evaluated between two resets; 0: never by programs
-- param every_hours = 0.0 >= 0: hours between two resets; 0: never by the clock (the paper: 4)
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

-- name: founders
select
    islands.best_program_id as program_id,
    0.0 as logit
from islands
inner join survivors on islands.island_id = survivors.island_id
where islands.programs > 0;
