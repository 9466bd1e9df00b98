-- Islands that are owed fresh random programs: each when the run starts, and one that stands empty with
-- none under way (it was reset without a founder, or all that it was given failed).
--
-- Grain: one row for each such island, by id.
-- Reads: islands, random_draws. Parameters: $first, whether islands get some when the run starts.
select
    islands.island_id,
    islands.epoch
from islands
left join random_draws
    on
        islands.island_id = random_draws.island_id
        and islands.epoch = random_draws.epoch
group by islands.island_id, islands.epoch, islands.programs
having
    ($first and islands.epoch = 0 and count(random_draws.draw_id) = 0)
    or (islands.programs = 0 and coalesce(bool_and(random_draws.evaluated >= random_draws.completions), true))
order by islands.island_id;
