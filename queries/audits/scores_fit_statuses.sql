-- A program has a score exactly if each input has a finite one; members have one, failures have none.
--
-- Grain: one row for each program of which that is not true, or whose hashes are not those of its content.
-- Reads: program_evaluated, run_started.
with judged as (
    select
        *,
        len(list_filter(scores, lambda score: score is null or not isfinite(score))) = 0 as is_complete,
        status in ('ok', 'duplicate', 'stale') as may_score
    from program_evaluated
)

select
    judged.seq,
    judged.program_id,
    judged.status,
    judged.score,
    judged.scores,
    judged.signature_hash,
    judged.source_hash
from judged
cross join run_started
where
    len(judged.scores) <> len(run_started.input_names)
    or (judged.score is not null and not isfinite(judged.score))
    or (judged.status = 'ok' and (judged.score is null or judged.source is null))
    or (judged.score is not null and not (judged.is_complete and judged.may_score))
    or (judged.score is null) <> (judged.signature_hash is null)
    or judged.source_hash is distinct from md5(judged.source)
order by judged.seq;
