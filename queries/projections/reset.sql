-- Fold an island_reset into the projections. Reads its one row, delta_reset (fsdb.state.projection).
-- Tables are made anew rather than deleted from, so that the rows' memory is given back.
create or replace temp table delta_fallen as
select island.island_id
from (
    select unnest(islands) as island
    from delta_reset
)
where island.reset;

create or replace table live.population as
select * from live.population
where island_id not in (select delta_fallen.island_id from delta_fallen);

create or replace table live.clusters as
select * from live.clusters
where island_id not in (select delta_fallen.island_id from delta_fallen);

update live.islands
set
    epoch = epoch + 1,
    programs = 0,
    clusters = 0,
    best_score = null,
    best_program_id = null
where island_id in (select delta_fallen.island_id from delta_fallen);

update live.counts
set
    resets = resets + 1,
    programs_since_reset = 0;
