-- How good each island was in each part of the run.
--
-- Grain: one row for each island and part. Reads: programs. Parameters: $parts, into how many equal parts, by
-- programs, the run is cut. `best_score` is that of the living at the part's end, null before the first.
with

scored as (
    select
        island_id,
        epoch,
        score,
        program_id * $parts // (max(program_id) over () + 1) as part
    from programs
    where status = 'ok'
),

grid as (
    select
        islands.island_id,
        listed.part
    from islands
    cross join range($parts) as listed (part)
),

epochs as (
    select
        grid.island_id,
        grid.part,
        max(scored.epoch) as epoch
    from grid
    left join scored on grid.island_id = scored.island_id and grid.part >= scored.part
    group by grid.island_id, grid.part
)

select
    epochs.island_id,
    epochs.part,
    epochs.epoch,
    max(scored.score) as best_score
from epochs
left join scored
    on
        epochs.island_id = scored.island_id
        and epochs.epoch = scored.epoch
        and epochs.part >= scored.part
group by epochs.island_id, epochs.part, epochs.epoch
order by epochs.island_id, epochs.part;
