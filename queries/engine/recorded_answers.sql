-- The recorded answers to one draw's prompt.
--
-- Grain: one row for each of the draw's ordinals that is recorded, from the first record that holds it.
-- Reads: recorded (rows of recorded.sql, with the number of their record), asked (this run's own draws).
-- Parameters: $draw_id, $ordinals, $model, $temperature, $top_p, $max_tokens.
with

prompt as (
    select prompt_hash
    from asked
    where draw_id = $draw_id
),

places as (
    select
        asked.draw_id,
        asked.prompt_hash,
        coalesce(
            sum(asked.completions) over (
                partition by asked.prompt_hash
                order by asked.draw_id
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as first_place
    from asked
    inner join prompt on asked.prompt_hash = prompt.prompt_hash
),

wanted as (
    select
        prompt_hash,
        unnest($ordinals::integer[]) as ordinal,
        first_place
    from places
    where draw_id = $draw_id
)

select
    wanted.ordinal,
    recorded.record,
    recorded.run_id,
    recorded.seq
from wanted
inner join recorded
    on
        wanted.prompt_hash = recorded.prompt_hash
        and wanted.first_place + wanted.ordinal = recorded.place
where
    recorded.model = $model
    and recorded.temperature is not distinct from $temperature
    and recorded.top_p is not distinct from $top_p
    and recorded.max_tokens is not distinct from $max_tokens
qualify row_number() over (partition by wanted.ordinal order by recorded.record, recorded.seq) = 1
order by wanted.ordinal;
