-- Where new bests are checked, each was scored a second time, with the same score, before it counted.
--
-- Grain: one row for each program that was run in-process, beat all before it and was not confirmed.
-- Reads: program_evaluated, run_started.
with judged as (
    select
        program_evaluated.*,
        max(score) over (order by seq rows between unbounded preceding and 1 preceding) as best_before
    from program_evaluated
)

select
    judged.seq,
    judged.program_id,
    judged.score,
    judged.best_before,
    judged.second_score
from judged
cross join run_started
where
    run_started.check_bests
    and judged.scoring = 'in-process'
    and judged.score > coalesce(judged.best_before, '-infinity'::double)
    and (
        judged.second_score is null
        or abs(judged.second_score - judged.score) > greatest(1e-9 * abs(judged.score), 1e-12)
    )
order by judged.seq;
