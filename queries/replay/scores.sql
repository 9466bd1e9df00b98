-- The scores that were logged, each combination once, with the first program that has it.
-- Grain: one row for each (scores, score, signature_hash). Reads: program_evaluated.
select
    min(seq) as seq,
    arg_min(program_id, seq) as program_id,
    scores,
    score,
    signature_hash
from program_evaluated
where score is not null or signature_hash is not null
group by scores, score, signature_hash;
