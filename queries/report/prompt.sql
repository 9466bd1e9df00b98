-- What one draw's prompt was made of.
--
-- Grain: one row, none where there is no such draw. Reads: prompt_drawn, prompts_shown.
-- Parameters: $draw. `parents` and `failures` are empty for kind random.
with

chosen as (
    select
        draw_id,
        kind,
        seed,
        sampler,
        completions,
        template,
        prompt_hash
    from prompt_drawn
    where draw_id in (select $draw::bigint)
),

shown as (from prompts_shown('chosen'))

select
    chosen.*,
    coalesce(shown.parents, []) as parents,
    coalesce(shown.failures, []) as failures
from chosen
left join shown on chosen.draw_id = shown.draw_id;
