-- Which programs were proposed again and again, word for word?
--
-- group: run
-- grain: one row for each source that was proposed more than once, the most frequent first
-- reads: program_evaluated
-- parameters:
--   top bigint = 20: how many sources are listed
-- columns:
--   program_id: the first program with that source
--   score: its score
--   status: what became of it
--   programs: how often it was proposed, the first time too
--   islands: on how many islands
--   samplers: by whom
--   last_program_id: the last time
--   share: share of all proposals that repeat a source proposed before, of the whole run
--   source: the text
-- notes:
--   The seed program and founders' copies count as no proposals. See revisits for programs that differ in
--   comments and spaces only.
with

proposed as materialized (
    select
        source_hash,
        program_id,
        island_id,
        sampler
    from program_evaluated
    where source_hash is not null and draw_id is not null
),

repeated as (
    select
        source_hash,
        min(program_id) as program_id,
        max(program_id) as last_program_id,
        count(*) as programs,
        count(distinct island_id) as islands,
        list_sort(list_distinct(list(sampler))) as samplers
    from proposed
    group by source_hash
    having count(*) > 1
    order by programs desc, program_id asc
    limit $top
),

overall as (
    select 1 - count(distinct source_hash) / count(*) as share
    from proposed
)

select
    repeated.program_id,
    programs.score,
    programs.status,
    repeated.programs,
    repeated.islands,
    repeated.samplers,
    repeated.last_program_id,
    overall.share,
    programs.source
from repeated
inner join program_evaluated as programs on repeated.program_id = programs.program_id
cross join overall
order by repeated.programs desc, repeated.program_id asc;
