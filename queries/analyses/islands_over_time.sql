-- How good and how varied was each island as time went on?
--
-- group: islands
-- grain: one row for each island at each of `points` moments, from the beginning of the log to its end
-- reads: events, program_evaluated, resets, run_started
-- parameters:
--   points bigint = 20: how many moments
-- columns:
--   seq: the event as of which it is told
--   island_id: the island
--   epoch: how often it had been reset
--   programs: programs alive
--   best_score: the best of them
--   mean_score: their mean
--   spread: the standard deviation of their scores
with

ending as (
    select
        max(seq) as last_seq,
        greatest($points - 1, 1)::bigint as steps
    from events
),

moments as (
    select
        last_seq,
        steps,
        unnest(range(steps + 1)) as moment
    from ending
),

fallen as (
    select
        island_id,
        epoch + 1 as epoch,
        seq
    from resets
    where reset
),

homes as (
    select unnest(range(islands))::integer as island_id
    from run_started
),

grid as (
    select
        homes.island_id,
        moments.moment,
        floor(moments.moment * moments.last_seq / moments.steps)::bigint as seq,
        count(fallen.seq)::integer as epoch
    from moments
    cross join homes
    left join fallen
        on
            homes.island_id = fallen.island_id
            and floor(moments.moment * moments.last_seq / moments.steps) >= fallen.seq
    group by homes.island_id, moments.moment, moments.last_seq, moments.steps
),

-- The first moment that sees an event is the one after it.
born as (
    select
        programs.island_id,
        programs.epoch,
        ceil(programs.seq * ending.steps / ending.last_seq)::bigint as moment,
        count(*) as programs,
        max(programs.score) as best_score,
        sum(programs.score) as total,
        sum(programs.score * programs.score) as squares
    from program_evaluated as programs
    cross join ending
    where programs.status = 'ok'
    group by programs.island_id, programs.epoch, moment
),

grown as (
    select
        island_id,
        epoch,
        moment,
        sum(programs) over upto as programs,
        max(best_score) over upto as best_score,
        sum(total) over upto as total,
        sum(squares) over upto as squares
    from born
    window upto as (
        partition by island_id, epoch
        order by moment
    )
)

select
    grid.seq,
    grid.island_id,
    grid.epoch,
    coalesce(grown.programs, 0)::bigint as programs,
    grown.best_score,
    grown.total / grown.programs as mean_score,
    sqrt(greatest(grown.squares / grown.programs - pow(grown.total / grown.programs, 2), 0)) as spread
from grid
asof left join grown
    on
        grid.island_id = grown.island_id
        and grid.epoch = grown.epoch
        and grid.moment >= grown.moment
order by grid.seq, grid.island_id;
