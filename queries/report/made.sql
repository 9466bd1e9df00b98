-- How many programs were made by then.
--
-- Grain: one row for each of the events $seqs, a list. Reads: programs.
select
    asked.seq,
    count(programs.program_id) as programs
from (select unnest($seqs::bigint[]) as seq) as asked
left join programs on asked.seq >= programs.seq
group by asked.seq
order by asked.seq;
