-- One program, with the draw and the completion that led to it.
--
-- Grain: one row, none where there is no such program.
-- Reads: programs, prompt_drawn, completion_received. Parameters: $program_id.
-- Columns of the draw and of the completion are null for the seed program and for founders.
select
    programs.program_id,
    programs.seq,
    programs.recorded_at,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    programs.cluster_id,
    programs.status,
    programs.score,
    programs.signature,
    programs.source,
    programs.source_hash,
    programs.error,
    programs.output,
    programs.reused_from,
    programs.evaluation_seconds,
    programs.cpu_seconds,
    programs.sandbox_level,
    programs.scoring,
    programs.second_score,
    programs.draw_id,
    drawn.kind,
    drawn.as_of,
    drawn.policy,
    drawn.island_propensity,
    drawn.temperature,
    drawn.parents as drawn_parents,
    programs.completion_id,
    received.ordinal,
    received.model,
    received.text as completion,
    received.tokens_in,
    received.tokens_out,
    received.cost_usd,
    received.latency_seconds,
    received.finish_reason,
    received.error as completion_error
from programs
left join prompt_drawn as drawn on programs.draw_id = drawn.draw_id
left join completion_received as received on programs.completion_id = received.completion_id
where programs.program_id = $program_id;
