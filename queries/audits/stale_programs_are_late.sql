-- Every program called stale came after a reset of its island.
--
-- Grain: one row for each that did not. Reads: programs, resets.
select
    programs.seq,
    programs.program_id,
    programs.island_id,
    programs.epoch,
    count(resets.seq) as resets_before
from programs
left join resets
    on
        programs.island_id = resets.island_id
        and programs.seq > resets.seq
        and resets.reset
where programs.status = 'stale'
group by programs.seq, programs.program_id, programs.island_id, programs.epoch
having programs.epoch >= count(resets.seq)
order by programs.seq;
