-- Programs with a score, each with its best parent: what a small run's genealogy is drawn from.
--
-- Grain: one row for each. Reads: programs. Parameters: none.
select
    programs.program_id,
    programs.score,
    programs.island_id,
    programs.epoch,
    programs.status,
    programs.sampler,
    parents.program_id as parent_id,
    parents.score as parent_score
from programs
left join programs as parents on programs.parents[-1] = parents.program_id
where programs.score is not null
order by programs.program_id;
