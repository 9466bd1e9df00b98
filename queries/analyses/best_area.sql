-- How good was the best program on average over the run: the area under the curve of the best so far?
--
-- group: run
-- grain: one row for each axis: samples, programs, seconds, tokens, cost_usd
-- reads: best_so_far, completion_received, program_evaluated, events
-- columns:
--   axis: what is spent
--   spent: how much of it, from the first score to the end of the log
--   area: the best score so far, summed over that
--   mean_best: area over spent: the best so far on average
--   last_best: the best score at the end
-- notes:
--   Of two runs of one budget that end equally well, the one that rose earlier has the larger mean_best. A
--   row is left out where the log reports none of what is spent.
with

spans as (
    select
        score,
        seq,
        program_id,
        unnest([
            struct_pack(axis := 'samples', spent := samples::double),
            struct_pack(axis := 'programs', spent := programs::double),
            struct_pack(axis := 'seconds', spent := seconds),
            struct_pack(axis := 'tokens', spent := tokens::double),
            struct_pack(axis := 'cost_usd', spent := cost_usd)
        ]) as place
    from bests_and_end()
),

lasting as (
    select
        place.axis,
        score,
        lead(place.spent) over (
            partition by place.axis
            order by seq, program_id nulls last
        ) - coalesce(place.spent, 0) as lasted
    from spans
)

select
    axis,
    sum(lasted) as spent,
    sum(score * lasted) as area,
    sum(score * lasted) / nullif(sum(lasted), 0) as mean_best,
    max(score) as last_best
from lasting
where lasted is not null and score is not null
group by axis
order by list_position(['samples', 'programs', 'seconds', 'tokens', 'cost_usd'], axis);
