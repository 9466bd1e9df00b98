-- Programs as of an event.
-- Grain: one row for each program_evaluated event with seq <= n, failures included.

create or replace macro programs_as_of(n) as table
select
    program_id,
    seq,
    island_id,
    epoch,
    case
        when status = 'ok'
            then min(case when status = 'ok' then program_id end)
                over (partition by island_id, epoch, signature_hash)
    end as cluster_id,
    status,
    score,
    scores as signature,
    signature_hash,
    source,
    source_hash,
    length(source) as length,
    sampler,
    draw_id,
    completion_id,
    parents,
    reused_from,
    error,
    output,
    evaluation_seconds,
    cpu_seconds,
    sandbox_level,
    scoring,
    second_score,
    recorded_at
from program_evaluated_as_of(n);
