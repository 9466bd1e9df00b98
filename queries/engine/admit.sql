-- What becomes of evaluated programs on their islands, and whose result each one shares.
--
-- Grain: one row for each row of `results`, in its order (column position).
-- Reads: results(position, island_id, epoch, outcome, source_hash); islands, population, scored_sources.
-- An outcome other than ok stands. Else the program is stale where its island was reset since its draw,
-- duplicate where its source lives on the island already (or comes before it here), ok otherwise.
-- `first_position` is the first row here with the same source and outcome: the run that this one shares.
with

first_here as (
    select
        *,
        row_number() over (partition by island_id, epoch, source_hash, outcome order by position) as copy,
        first_value(position) over (partition by source_hash, outcome order by position) as first_position
    from results
)

select
    first_here.position,
    case
        when first_here.outcome <> 'ok' then first_here.outcome
        when first_here.epoch < islands.epoch then 'stale'
        when first_here.copy > 1 or population.program_id is not null then 'duplicate'
        else 'ok'
    end as status,
    scored_sources.program_id as scored_before,
    if(first_here.source_hash is null, first_here.position, first_here.first_position) as first_position
from first_here
inner join islands on first_here.island_id = islands.island_id
left join population
    on
        first_here.island_id = population.island_id
        and first_here.epoch = population.epoch
        and first_here.source_hash = population.source_hash
left join scored_sources on first_here.source_hash = scored_sources.source_hash
order by first_here.position;
