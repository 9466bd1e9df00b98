-- Whom does a child take after: the better or the worse of the parents that were shown?
--
-- group: lineage
-- grain: one row for each sampler and model
-- reads: program_evaluated, completion_received
-- parameters:
--   sample bigint = 5000: how many programs are looked at, evenly spread over the run
-- columns:
--   sampler: who wrote the programs
--   model: the model; null where there is none
--   programs: programs with two parents of different text that were looked at
--   nearer_better: share of them more like the better parent, the one shown last
--   nearer_worse: share of them more like the worse parent, the one shown first
--   equally_near: share of them that are as like the one as the other
--   similarity_better: lines shared with the better parent over lines that either has, on average
--   similarity_worse: the same for the worse parent
--   unlike_both: share of them that have less than a tenth of their lines from either
-- notes:
--   Lines are compared without the spaces around them (Jaccard similarity); each line counts once.
with

children as materialized (
    select
        program_id,
        completion_id,
        sampler,
        parents[1] as worse_id,
        parents[-1] as better_id
    from program_evaluated
    where source_hash is not null and len(parents) > 1 and parents[1] <> parents[-1]
),

counted as (
    select count(*) as programs
    from children
),

stride as (
    select greatest(ceil(programs / greatest($sample, 1))::bigint, 1) as length
    from counted
),

numbered as (
    select
        *,
        row_number() over (order by program_id) - 1 as place
    from children
),

sampled as materialized (
    select numbered.*
    from numbered
    cross join stride
    where numbered.place % stride.length = 0
),

needed as (
    select program_id from sampled
    union
    select worse_id as program_id from sampled
    union
    select better_id as program_id from sampled
),

texts as materialized (
    select
        programs.program_id,
        line_set(programs.source) as lines
    from program_evaluated as programs
    inner join needed on programs.program_id = needed.program_id
),

compared as (
    select
        sampled.sampler,
        sampled.completion_id,
        set_similarity(own.lines, better.lines) as to_better,
        set_similarity(own.lines, worse.lines) as to_worse
    from sampled
    inner join texts as own on sampled.program_id = own.program_id
    inner join texts as better on sampled.better_id = better.program_id
    inner join texts as worse on sampled.worse_id = worse.program_id
    where better.lines <> worse.lines
)

select
    compared.sampler,
    received.model,
    count(*) as programs,
    avg((compared.to_better > compared.to_worse)::integer) as nearer_better,
    avg((compared.to_better < compared.to_worse)::integer) as nearer_worse,
    avg((compared.to_better = compared.to_worse)::integer) as equally_near,
    avg(compared.to_better) as similarity_better,
    avg(compared.to_worse) as similarity_worse,
    avg((greatest(compared.to_better, compared.to_worse) < 0.1)::integer) as unlike_both
from compared
left join completion_received as received on compared.completion_id = received.completion_id
group by compared.sampler, received.model
order by programs desc, compared.sampler asc, received.model asc;
