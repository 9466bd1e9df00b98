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
),

-- Of what is as long as the run, the rows that are about these sources, by 64 bits of the hash: it is scanned
-- once, and never made into a hash table.
living as materialized (
    select
        island_id,
        epoch,
        source_hash,
        program_id
    from population
    where noise_key in (select item_key(results.source_hash) from results)
),

scored as materialized (
    select
        source_hash,
        program_id
    from scored_sources
    where source_key in (select item_key(results.source_hash) from results)
)

select
    first_here.position,
    case
        when first_here.outcome <> 'ok' then first_here.outcome
        when first_here.epoch < islands.epoch then 'stale'
        when first_here.copy > 1 or living.program_id is not null then 'duplicate'
        else 'ok'
    end as status,
    scored.program_id as scored_before,
    if(first_here.source_hash is null, first_here.position, first_here.first_position) as first_position
from first_here
inner join islands on first_here.island_id = islands.island_id
left join living
    on
        first_here.island_id = living.island_id
        and first_here.epoch = living.epoch
        and first_here.source_hash = living.source_hash
left join scored on first_here.source_hash = scored.source_hash
order by first_here.position;
