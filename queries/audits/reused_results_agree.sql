-- Every result that was reused is that of an earlier program with the same source.
--
-- Grain: one row for each program whose result is not. Reads: program_evaluated.
select
    reuser.seq,
    reuser.program_id,
    reuser.reused_from,
    reused.seq as reused_seq,
    reuser.source_hash,
    reused.source_hash as reused_source_hash,
    reuser.scores,
    reused.scores as reused_scores
from program_evaluated as reuser
left join program_evaluated as reused on reuser.reused_from = reused.program_id
where
    reuser.reused_from is not null
    and not coalesce(
        reused.program_id < reuser.program_id
        and reused.source_hash = reuser.source_hash
        and reused.scores is not distinct from reuser.scores
        and reused.score is not distinct from reuser.score,
        false
    )
order by reuser.seq;
