-- What a prompt shows of programs.
--
-- Grain: one row for each program of $programs. Reads: program_evaluated. Parameters: $programs.
select
    program_id,
    source,
    score,
    scores,
    null::varchar as feedback
from program_evaluated
where program_id in (select unnest($programs::bigint[]));
