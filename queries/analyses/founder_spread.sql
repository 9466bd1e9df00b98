-- How do programs spread from island to island: whose best founded which island anew?
--
-- group: islands
-- grain: one row for each island that gave founders and each island that it gave them to
-- reads: resets, program_evaluated, population
-- columns:
--   from_island_id: the island that survived
--   to_island_id: the island that fell
--   founders: how often the first founded the second anew
--   programs: how many programs that made: members of the epochs so begun
--   best_score: the best of these
--   alive: how many of these live now
--   last_reset_id: the last such reset
with

founded as (
    select
        resets.reset_id,
        resets.island_id,
        resets.epoch + 1 as epoch,
        founders.island_id as from_island_id
    from resets
    inner join program_evaluated as founders on resets.founder_program_id = founders.program_id
    where resets.reset
),

peopled as (
    select
        programs.island_id,
        programs.epoch,
        count(*) as programs,
        max(programs.score) as best_score,
        count(*) filter (where programs.epoch = epochs.epoch) as alive
    from program_evaluated as programs
    inner join island_epochs as epochs on programs.island_id = epochs.island_id
    where programs.status = 'ok'
    group by programs.island_id, programs.epoch
)

select
    founded.from_island_id,
    founded.island_id as to_island_id,
    count(*) as founders,
    coalesce(sum(peopled.programs), 0)::bigint as programs,
    max(peopled.best_score) as best_score,
    coalesce(sum(peopled.alive), 0)::bigint as alive,
    max(founded.reset_id) as last_reset_id
from founded
left join peopled
    on
        founded.island_id = peopled.island_id
        and founded.epoch = peopled.epoch
group by founded.from_island_id, founded.island_id
order by founded.from_island_id, founded.island_id;
