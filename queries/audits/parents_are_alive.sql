-- Every parent drawn was alive on the island drawn, and in the cluster named, as of the draw.
--
-- Grain: one row for each parent that was not. Reads: draws, programs.
select
    draws.seq,
    draws.draw_id,
    draws.position,
    draws.program_id,
    draws.as_of,
    programs.seq as program_seq,
    programs.status,
    programs.island_id,
    programs.epoch,
    programs.cluster_id
from draws
left join programs on draws.program_id = programs.program_id
where
    draws.kind = 'parents'
    and not coalesce(
        programs.status = 'ok'
        and programs.seq <= draws.as_of
        and programs.island_id = draws.island_id
        and programs.epoch = draws.epoch
        and programs.cluster_id = draws.cluster_id,
        false
    )
order by draws.seq, draws.position;
