-- Results that programs with given sources already have.
--
-- Grain: one row for each known source.
-- Reads: scored_sources. Parameters: $source_hashes.
select
    source_hash,
    outcome,
    error,
    output,
    scores,
    score
from scored_sources
where source_hash in (select unnest($source_hashes::varchar[]));
