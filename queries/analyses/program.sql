-- What does the log say of one program, and of the draw and the completion that led to it?
--
-- group: lineage
-- grain: one row, none where there is no such program
-- reads: program_evaluated, prompt_drawn, completion_received
-- parameters:
--   program bigint = best: the program, by its number
-- columns:
--   program_id: the program
--   seq: the event that holds it
--   recorded_at: when that was written
--   sampler: who wrote the program
--   island_id: the island that it was made for
--   epoch: that island's epoch
--   cluster_id: the cluster that it joined
--   status: ok, or why it did not join
--   score: its score
--   signature: its score on each input
--   source: its text
--   source_hash: the MD5 of that
--   error: what went wrong
--   output: what it printed
--   reused_from: the program whose result it shares
--   evaluation_seconds: wall-clock time of its evaluation
--   cpu_seconds: processor time of its evaluation
--   sandbox_level: isolation in force while it ran
--   scoring: what it shared a process with when it was scored
--   second_score: what a second scoring gave, call by call
--   draw_id: the draw
--   kind: parents, or random
--   as_of: the last event that the draw saw
--   policy: who drew
--   island_propensity: probability of the island
--   temperature: in force there
--   drawn_parents: the parents drawn, with their probabilities
--   completion_id: the completion
--   ordinal: which of the draw's completions it was
--   model: the model that answered
--   completion: the text as received
--   tokens_in: prompt tokens
--   tokens_out: completion tokens
--   cost_usd: its cost
--   latency_seconds: from request to answer
--   finish_reason: why the text ended
--   completion_error: why no text came
-- notes:
--   Columns of the draw and of the completion are null for the seed program and for founders.
with

chosen as materialized (
    select *
    from program_evaluated
    where program_id in (select program_or_best($program))
),

drawn as (
    select *
    from prompt_drawn
    where draw_id in (select chosen.draw_id from chosen)
),

received as (
    select *
    from completion_received
    where completion_id in (select chosen.completion_id from chosen)
),

cluster as (
    select min(programs.program_id) as cluster_id
    from program_evaluated as programs
    inner join chosen
        on
            programs.island_id = chosen.island_id
            and programs.epoch = chosen.epoch
            and programs.signature_hash = chosen.signature_hash
            and programs.status = chosen.status
    where programs.status = 'ok'
)

select
    programs.program_id,
    programs.seq,
    programs.recorded_at,
    programs.sampler,
    programs.island_id,
    programs.epoch,
    cluster.cluster_id,
    programs.status,
    programs.score,
    programs.scores as signature,
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
from chosen as programs
cross join cluster
left join drawn on programs.draw_id = drawn.draw_id
left join received on programs.completion_id = received.completion_id;
