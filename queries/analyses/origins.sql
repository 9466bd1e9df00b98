-- Where does each island's population come from: on which island did the lines of its programs begin?
--
-- group: lineage
-- grain: one row for each island of today and each island that a line on it began on
-- reads: population, program_evaluated
-- columns:
--   island_id: the island
--   programs: living programs on it
--   from_island_id: where the line of some of them began, from best parent to best parent, through founders
--   descended: how many of them
--   share: their share of the island's programs
--   best_score: the best of them
--   roots: how many different programs without parents their lines began with
--   generations: the most steps back to one
with counted as (
    select
        population.island_id,
        roots.island_id as from_island_id,
        count(*) as descended,
        max(population.score) as best_score,
        count(distinct lines.root_id) as roots,
        max(lines.generation) as generations
    from population
    inner join best_lines() as lines on population.program_id = lines.program_id
    inner join program_evaluated as roots on lines.root_id = roots.program_id
    group by population.island_id, roots.island_id
)

select
    island_id,
    (sum(descended) over (partition by island_id))::bigint as programs,
    from_island_id,
    descended,
    descended / sum(descended) over (partition by island_id) as share,
    best_score,
    roots,
    generations
from counted
order by island_id asc, descended desc, from_island_id asc;
