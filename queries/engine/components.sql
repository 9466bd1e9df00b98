-- Which component of an exploring policy draws each of a batch of prompts.
--
-- Grain: one row for each draw. Reads: no relation.
-- Parameters: $seed; $draws, the draw numbers; $components and $shares, the components' names and shares.
-- Drawn like everything else: the largest ln(share) + Gumbel noise, here that of the slot `component`.
with

draws as (
    select
        draw_id,
        noise_key($seed, draw_id, 'component') as draw_key
    from (select unnest($draws::bigint[]) as draw_id)
),

components as (
    select
        unnest($components::varchar[]) as component,
        unnest($shares::double[]) as share
)

select
    draws.draw_id,
    arg_max(
        components.component,
        ln(components.share) + noise_gumbel(draws.draw_key, item_key(components.component))
    ) as component
from draws
cross join components
group by draws.draw_id
order by draws.draw_id;
