-- How good the best program was after so many samples.
--
-- Grain: one row for each of $samples, a list, that the run came to. Reads: best_so_far, completion_received.
-- Seed programs count as found after no sample.
with

bests as (
    select
        best_so_far.score,
        count(completion_received.seq) as samples
    from best_so_far
    left join completion_received on best_so_far.seq > completion_received.seq
    group by best_so_far.program_id, best_so_far.score
),

asked as (
    select unnest($samples::bigint[]) as samples
)

select
    asked.samples,
    max(bests.score) as best_score
from asked
inner join bests on asked.samples >= bests.samples
where asked.samples <= (select count(*) from completion_received)
group by asked.samples
order by asked.samples;
