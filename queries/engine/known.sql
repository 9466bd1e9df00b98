-- Results that programs with given sources already have.
--
-- Grain: one row for each known source.
-- Reads: scored_sources. Parameters: $source_hashes.
with

asked as (
    select unnest($source_hashes::varchar[]) as source_hash
),

-- What is as long as the run is scanned by 64 bits of the hash alone: materialized, lest strings be compared.
alike as materialized (
    select scored_sources.*
    from scored_sources
    where source_key in (select item_key(asked.source_hash) from asked)
)

select
    source_hash,
    outcome,
    error,
    output,
    scores,
    score
from alike
where source_hash in (select asked.source_hash from asked);
