-- What the copies of founders hold, beside their sources, which are in the log.
--
-- Grain: one row for each program of $programs that lives.
-- Reads: population. Parameters: $programs.
select
    program_id,
    signature,
    score
from population
where program_id in (select unnest($programs::bigint[]));
