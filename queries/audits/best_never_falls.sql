-- The best score so far only ever rises.
--
-- Grain: one row for each new best that is no better than the one before it in the log. Reads: best_so_far.
select
    seq,
    program_id,
    score,
    lag(score) over (order by seq) as score_before
from best_so_far
qualify score <= lag(score) over (order by seq)
order by seq;
