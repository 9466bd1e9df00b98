-- Every draw was made for an island of the run, in the epoch that the island was in as of the draw.
--
-- Grain: one row for each draw that was not. Reads: prompt_drawn, run_started, resets.
with epochs as (
    select
        drawn.seq,
        drawn.draw_id,
        drawn.island_id,
        drawn.epoch,
        count(resets.seq) as resets_before
    from prompt_drawn as drawn
    left join resets
        on
            drawn.island_id = resets.island_id
            and drawn.as_of >= resets.seq
            and resets.reset
    group by drawn.seq, drawn.draw_id, drawn.island_id, drawn.epoch
)

select
    epochs.seq,
    epochs.draw_id,
    epochs.island_id,
    epochs.epoch,
    epochs.resets_before
from epochs
cross join run_started
where
    epochs.epoch <> epochs.resets_before
    or epochs.island_id not between 0 and run_started.islands - 1
order by epochs.seq;
