-- Does the search still find anything new: how many signatures and structures, how many of them seen
-- before?
--
-- group: diversity
-- grain: one row for each of `parts` equal parts of the run, by programs
-- reads: program_evaluated
-- parameters:
--   parts bigint = 10: how many parts
-- columns:
--   part: 1 is the first
--   programs: programs with a source that were proposed in it
--   repeated_share: share of them whose source was proposed before, word for word
--   revisited_share: share of them whose structure was proposed before: the text without comments,
--     docstring and spaces
--   new_structures: structures that were new in this part
--   structures: structures until the end of the part
--   scored: programs of the part with a score
--   new_signatures: signatures (scores on every input) that were new in this part
--   signatures: signatures until the end of the part
--   signature_entropy: entropy of the part's scored programs over their signatures, in nats
--   effective_signatures: e to the power of that: as many equally frequent signatures would be as diverse
-- notes:
--   A structure keeps names and indentation and is made by replacing text, not by parsing: see
--   queries/macros/structure.sql. The seed program and founders' copies count as no proposals, but what
--   they hold as seen before.
with

dated as (
    select (max(program_id) + 1)::double as programs
    from program_evaluated
),

told as materialized (
    select
        programs.program_id,
        programs.draw_id is not null as is_proposal,
        programs.signature_hash,
        md5_number_lower(programs.source_hash) as source_key,
        hash(structure(programs.source)) as structure_key,
        floor(programs.program_id * $parts / dated.programs)::bigint + 1 as part
    from program_evaluated as programs
    cross join dated
    where programs.source_hash is not null
),

-- Of each source, structure and signature the first program that had it.
firsts as (
    select
        'source' as what,
        arg_min(part, program_id) as part,
        arg_min(is_proposal, program_id) as is_proposal
    from told
    group by source_key
    union all
    select
        'structure' as what,
        arg_min(part, program_id) as part,
        arg_min(is_proposal, program_id) as is_proposal
    from told
    group by structure_key
    union all
    select
        'signature' as what,
        arg_min(part, program_id) as part,
        arg_min(is_proposal, program_id) as is_proposal
    from told
    where signature_hash is not null
    group by signature_hash
),

new as (
    select
        part,
        count(*) filter (where what = 'source' and is_proposal) as proposed_sources,
        count(*) filter (where what = 'structure' and is_proposal) as proposed_structures,
        count(*) filter (where what = 'structure') as structures,
        count(*) filter (where what = 'signature') as signatures
    from firsts
    group by part
),

counted as (
    select
        part,
        count(*) filter (where is_proposal) as programs,
        count(signature_hash) filter (where is_proposal) as scored
    from told
    group by part
),

frequencies as (
    select
        part,
        signature_hash,
        count(*) as programs
    from told
    where is_proposal and signature_hash is not null
    group by part, signature_hash
),

entropies as (
    select
        part,
        ln(sum(programs)) - sum(programs * ln(programs)) / sum(programs) as entropy
    from frequencies
    group by part
)

select
    counted.part,
    counted.programs,
    1 - coalesce(new.proposed_sources, 0) / nullif(counted.programs, 0) as repeated_share,
    1 - coalesce(new.proposed_structures, 0) / nullif(counted.programs, 0) as revisited_share,
    coalesce(new.structures, 0) as new_structures,
    coalesce(sum(new.structures) over upto, 0)::bigint as structures,
    counted.scored,
    coalesce(new.signatures, 0) as new_signatures,
    coalesce(sum(new.signatures) over upto, 0)::bigint as signatures,
    entropies.entropy as signature_entropy,
    exp(entropies.entropy) as effective_signatures
from counted
left join new on counted.part = new.part
left join entropies on counted.part = entropies.part
window upto as (order by counted.part)
order by counted.part;
