-- The answers that a run's log holds, by what was asked.
--
-- Grain: one row for each completion with a text, to a prompt with a hash; without the text.
-- Reads: prompt_drawn, completion_received (a log's event views).
-- `place` is the ordinal of the answer among all that the run asked for with that prompt: the same prompt may
-- be drawn more than once. Failures are no answers, and leave their place empty.
with

asked as (
    select
        draw_id,
        prompt_hash,
        coalesce(
            sum(completions) over (
                partition by prompt_hash
                order by draw_id
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as first_place
    from prompt_drawn
    where prompt_hash is not null
)

select
    received.run_id,
    received.seq,
    asked.prompt_hash,
    asked.first_place + received.ordinal as place,
    received.params ->> '$.model' as model,
    (received.params ->> '$.temperature')::double as temperature,
    (received.params ->> '$.top_p')::double as top_p,
    coalesce(
        received.params ->> '$.max_tokens',
        received.params ->> '$.max_completion_tokens',
        received.params ->> '$.max_output_tokens'
    )::bigint as max_tokens
from completion_received as received
inner join asked on received.draw_id = asked.draw_id
where received.text is not null;
