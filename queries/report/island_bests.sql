-- How good the best program of each island was, from one reset to the next.
--
-- Grain: one row for each island, epoch and part of the run in which it rose, and one for each epoch's
-- end. Reads: programs. Parameters: $parts, into how many equal parts, by programs, the run is cut.
-- `program_id` is where on the run's axis the row stands, `best_score` the island's best by then.
with

scored as (
    select
        program_id,
        island_id,
        epoch,
        score,
        program_id * $parts // (max(program_id) over () + 1) as part
    from programs
    where status = 'ok'
),

bests as (
    select
        island_id,
        epoch,
        part,
        max(score) as score,
        arg_max(program_id, (score, -program_id)) as program_id
    from scored
    group by island_id, epoch, part
),

running as (
    select
        island_id,
        epoch,
        part,
        program_id,
        max(score) over (partition by island_id, epoch order by part) as best_score,
        max(score) over (
            partition by island_id, epoch
            order by part
            rows between unbounded preceding and 1 preceding
        ) as best_before
    from bests
),

ends as (
    select
        island_id,
        epoch,
        max(program_id) as program_id,
        max(score) as best_score
    from scored
    group by island_id, epoch
)

select
    island_id,
    epoch,
    program_id,
    best_score
from running
where best_before is null or best_score > best_before
union
select
    island_id,
    epoch,
    program_id,
    best_score
from ends
order by island_id, epoch, program_id;
