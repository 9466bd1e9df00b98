-- Every founder named by a reset lived on an island that survived it, and its copy follows, once.
--
-- Grain: one row for each founder named without all this, and each copy that no reset named.
-- Reads: resets, programs.
with

named as (
    select
        seq,
        reset_id,
        as_of,
        island_id,
        epoch + 1 as epoch,
        founder_program_id
    from resets
    where founder_program_id is not null
),

copies as (
    select
        seq,
        program_id,
        island_id,
        epoch,
        parents[1] as parent_id,
        row_number() over (partition by island_id, epoch order by seq) as nth
    from programs
    where sampler = 'founder'
)

select
    coalesce(named.seq, copies.seq) as seq,
    named.reset_id,
    coalesce(named.island_id, copies.island_id) as island_id,
    named.founder_program_id,
    origin.island_id as founder_island_id,
    survivor.reset as founder_island_fell,
    copies.program_id as copy_program_id,
    copies.parent_id as copy_parent_id
from named
full join copies
    on
        named.island_id = copies.island_id
        and named.epoch = copies.epoch
        and named.founder_program_id = copies.parent_id
        and copies.nth = 1
left join programs as origin on named.founder_program_id = origin.program_id
left join resets as survivor
    on
        named.reset_id = survivor.reset_id
        and origin.island_id = survivor.island_id
where
    not coalesce(
        copies.seq > named.seq
        and origin.status = 'ok'
        and origin.seq <= named.as_of
        and origin.epoch = survivor.epoch
        and not survivor.reset,
        false
    )
order by seq;
