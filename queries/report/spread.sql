-- How the scores of a run lie.
--
-- Grain: one row. Reads: programs. Parameters: none. `last_program_id` is that of all, scored or not.
select
    count(score) as scored,
    min(score) as lowest,
    max(score) as highest,
    quantile_disc(score, 0.25) as lower_quartile,
    max(program_id) as last_program_id
from programs;
