-- What became of the programs, in each part of the run?
--
-- group: run
-- grain: one row for each status met in each of `parts` equal parts of the run, by programs
-- reads: program_evaluated
-- parameters:
--   parts bigint = 10: how many parts
-- columns:
--   part: 1 is the first
--   first_program_id: the first program of the part
--   last_program_id: the last one
--   status: ok, or why a program did not join its island
--   programs: how many had it
--   share: their share of the part's programs
-- notes:
--   The seed program and founders' copies are left out: nobody wrote them. stale and duplicate programs did
--   score.
with

made as (
    select
        program_id,
        status,
        ntile($parts) over (order by program_id) as part
    from program_evaluated
    where draw_id is not null
),

counted as (
    select
        part,
        status,
        count(*) as programs,
        min(program_id) as first_id,
        max(program_id) as last_id
    from made
    group by part, status
)

select
    part,
    min(first_id) over (partition by part) as first_program_id,
    max(last_id) over (partition by part) as last_program_id,
    status,
    programs,
    programs / sum(programs) over (partition by part) as share
from counted
order by part asc, programs desc, status asc;
