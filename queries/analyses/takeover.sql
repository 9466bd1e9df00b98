-- How much of the population descends from a program, as time goes on?
--
-- group: lineage
-- grain: one row for each of `points` moments, from the beginning of the log to its end
-- reads: programs, edges, resets
-- parameters:
--   program bigint = best: the program, by its number
--   points bigint = 20: how many moments
-- columns:
--   seq: the event as of which it is counted
--   population: programs alive
--   descendants: those of them that descend from the program, itself among them
--   share: their share
--   islands: islands on which one of them lives
-- notes:
--   Whoever has it among any of its parents descends from it, so several can have taken over at once.
with

ending as (
    select
        max(seq) as last_seq,
        greatest($points - 1, 1)::bigint as steps
    from events
),

deaths as (
    select
        island_id,
        epoch,
        min(seq) as seq
    from resets
    where reset
    group by island_id, epoch
),

lives as (
    select
        programs.island_id,
        (line.program_id is not null)::bigint as descends,
        programs.seq as born,
        deaths.seq as died
    from program_evaluated as programs
    left join descendants_of(program_or_best($program)) as line on programs.program_id = line.program_id
    left join deaths
        on
            programs.island_id = deaths.island_id
            and programs.epoch = deaths.epoch
    where programs.status = 'ok'
),

-- The first moment that sees an event is the one after it.
changes as (
    select
        lives.island_id,
        ceil(lives.born * ending.steps / ending.last_seq)::bigint as moment,
        count(*) as population,
        sum(lives.descends) as descendants
    from lives
    cross join ending
    group by lives.island_id, moment
    union all
    select
        lives.island_id,
        ceil(lives.died * ending.steps / ending.last_seq)::bigint as moment,
        -count(*) as population,
        -sum(lives.descends) as descendants
    from lives
    cross join ending
    where lives.died is not null
    group by lives.island_id, moment
),

moments as (
    select unnest(range(steps + 1)) as moment
    from ending
),

homes as (
    select distinct island_id
    from changes
),

grid as (
    select
        moments.moment,
        homes.island_id
    from moments
    cross join homes
),

counted as (
    select
        grid.moment,
        grid.island_id,
        sum(sum(changes.population)) over upto as population,
        sum(sum(changes.descendants)) over upto as descendants
    from grid
    left join changes
        on
            grid.moment = changes.moment
            and grid.island_id = changes.island_id
    group by grid.moment, grid.island_id
    window upto as (
        partition by grid.island_id
        order by grid.moment
    )
)

select
    floor(counted.moment * any_value(ending.last_seq) / any_value(ending.steps))::bigint as seq,
    coalesce(sum(counted.population), 0)::bigint as population,
    coalesce(sum(counted.descendants), 0)::bigint as descendants,
    sum(counted.descendants) / nullif(sum(counted.population), 0) as share,
    count(*) filter (where counted.descendants > 0) as islands
from counted
cross join ending
group by counted.moment
order by counted.moment;
