-- What is the latest program that two programs both came from?
--
-- group: lineage
-- grain: one row, none where they have no ancestor in common
-- reads: programs, edges, islands
-- parameters:
--   program bigint = best: one program, by its number
--   other bigint = null: another one; left out: the best program of the best island but the first one's own
-- columns:
--   program_id: the most recent ancestor of both, or one of them where the other came from it
--   depth: the fewest steps to it from the first program
--   other_id: the other program
--   other_depth: the fewest steps to it from that
--   common: how many ancestors they have in common
--   sampler: who wrote the common ancestor
--   island_id: its island
--   epoch: its island's epoch
--   score: its score
--   seq: the event that holds it
--   source: its text
with

chosen as (
    select program_or_best($program) as program_id
),

homes as (
    select programs.island_id
    from program_evaluated as programs
    inner join chosen on programs.program_id = chosen.program_id
),

elsewhere as (
    select arg_max(islands.best_program_id, (islands.best_score, -islands.island_id)) as program_id
    from islands
    where islands.island_id not in (select homes.island_id from homes)
),

asked as materialized (
    select coalesce($other::bigint, elsewhere.program_id) as program_id
    from elsewhere
),

line as (from ancestors_of(program_or_best($program))), -- noqa: ST03

other_line as (from ancestors_of((select asked.program_id from asked))), -- noqa: ST03

shared as (
    select
        line.program_id,
        line.depth,
        other_line.depth as other_depth,
        count(*) over () as common
    from line
    inner join other_line on line.program_id = other_line.program_id
    qualify row_number() over (order by line.program_id desc) = 1
)

select
    shared.program_id,
    shared.depth,
    asked.program_id as other_id,
    shared.other_depth,
    shared.common,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.score,
    programs.seq,
    programs.source
from shared
inner join program_evaluated as programs on shared.program_id = programs.program_id
cross join asked;
