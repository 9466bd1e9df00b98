-- What a prompt shows of programs.
--
-- Grain: one row for each program of $programs. Reads: program_evaluated. Parameters: $programs.
select
    programs.program_id,
    programs.source,
    programs.score,
    programs.scores,
    said.feedback
from program_evaluated as programs
left join evaluators_said() as said
    on programs.source_hash = said.source_hash
where programs.program_id in (select unnest($programs::bigint[]));
