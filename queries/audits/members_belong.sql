-- Every program that joined an island did so in its present epoch, and no source lives there twice.
--
-- Grain: one row for each program with status ok that should have been stale or duplicate.
-- Reads: programs, resets.
with

members as (
    select
        seq,
        program_id,
        island_id,
        epoch,
        row_number() over (partition by island_id, epoch, source_hash order by program_id) as nth
    from programs
    where status = 'ok'
),

placed as (
    select
        members.seq,
        members.program_id,
        members.island_id,
        members.epoch,
        members.nth,
        count(resets.seq) as resets_before
    from members
    left join resets
        on
            members.island_id = resets.island_id
            and members.seq > resets.seq
            and resets.reset
    group by members.seq, members.program_id, members.island_id, members.epoch, members.nth
)

select
    seq,
    program_id,
    island_id,
    epoch,
    resets_before,
    nth
from placed
where epoch <> resets_before or nth > 1
order by seq;
