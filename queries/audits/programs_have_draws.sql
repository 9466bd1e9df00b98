-- Every program came from a draw made before it, with that draw's island, epoch and parents.
--
-- Grain: one row for each program that did not; seed programs and founders come from none.
-- Reads: programs, prompt_drawn.
select
    programs.seq,
    programs.program_id,
    programs.sampler,
    programs.draw_id,
    drawn.seq as draw_seq,
    programs.island_id,
    drawn.island_id as draw_island_id,
    programs.epoch,
    drawn.epoch as draw_epoch,
    programs.parents,
    [parent.program_id for parent in drawn.parents] as draw_parents
from programs
left join prompt_drawn as drawn on programs.draw_id = drawn.draw_id
where
    case
        when programs.sampler in ('seed', 'founder')
            then programs.draw_id is not null or programs.completion_id is not null
        else not coalesce(
            drawn.seq < programs.seq
            and drawn.island_id = programs.island_id
            and drawn.epoch = programs.epoch
            and [parent.program_id for parent in drawn.parents] = programs.parents,
            false
        )
    end
order by programs.seq;
