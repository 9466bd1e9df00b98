-- Where what became of a program, decided again, is not what was logged.
-- Grain: one row for each program and field. Reads: program_evaluated, replay.epochs, replay.population.
-- Status as in engine/admit.sql: what has a score is stale where its island was reset since its draw, a
-- duplicate
-- where its source lives on the island already, ok otherwise. Other statuses were decided in the sandbox.
with

firsts as (
    select
        island_id,
        epoch,
        source_hash,
        min(from_seq) as seq
    from replay.population
    group by island_id, epoch, source_hash
),

decided as (
    select
        programs.seq,
        programs.program_id,
        programs.status,
        programs.source_hash,
        programs.source_md5,
        case
            when programs.status not in ('ok', 'stale', 'duplicate') then programs.status
            when programs.seq > epochs.until_seq then 'stale'
            when firsts.seq < programs.seq then 'duplicate'
            else 'ok'
        end as status_again
    from program_evaluated as programs
    left join replay.epochs
        on
            programs.island_id = epochs.island_id
            and programs.epoch = epochs.epoch
    left join firsts
        on
            programs.island_id = firsts.island_id
            and programs.epoch = firsts.epoch
            and programs.source_hash = firsts.source_hash
)

select
    seq,
    program_id,
    'status' as field,
    status as logged,
    status_again as remade
from decided
where status is distinct from status_again
union all
select
    seq,
    program_id,
    'source_hash' as field,
    source_hash as logged,
    source_md5 as remade
from decided
where source_hash is distinct from source_md5
order by seq;
