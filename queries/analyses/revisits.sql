-- Which structures were proposed again and again, in other words?
--
-- group: diversity
-- grain: one row for each structure that came with several sources, the most frequent first
-- reads: program_evaluated
-- parameters:
--   top bigint = 20: how many structures are listed
-- columns:
--   program_id: the first program with that structure
--   score: its score
--   programs: how often it was proposed
--   sources: how many different texts it came with
--   islands: on how many islands
--   last_program_id: the last time
--   source: the first text
-- notes:
--   A structure is the text without comments, docstring and spaces. See duplicates for what was proposed
--   word for word.
with

told as (
    select
        program_id,
        island_id,
        source_hash,
        hash(structure(source)) as structure_key
    from program_evaluated
    where source_hash is not null and draw_id is not null
),

repeated as (
    select
        structure_key,
        min(program_id) as program_id,
        max(program_id) as last_program_id,
        count(*) as programs,
        count(distinct source_hash) as sources,
        count(distinct island_id) as islands
    from told
    group by structure_key
    having min(source_hash) <> max(source_hash)
    order by programs desc, program_id asc
    limit $top
)

select
    repeated.program_id,
    programs.score,
    repeated.programs,
    repeated.sources,
    repeated.islands,
    repeated.last_program_id,
    programs.source
from repeated
inner join program_evaluated as programs on repeated.program_id = programs.program_id
order by repeated.programs desc, repeated.program_id asc;
