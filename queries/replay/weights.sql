-- How much each logged draw counts for each policy: its prompt's probability over that under which it was
-- logged.
-- Grain: one row for each (arm, draw) that was answered. Reads: replay.prompts, replay.arms (arm, share),
--   replay.children.
-- The logged probability is that of all components of the logging policy, those of a share above 0, together.
create or replace table replay.weights as
with

logged as (
    select
        prompts.draw_id,
        list_sum(list(arms.share * prompts.chance order by arms.arm)) as chance
    from replay.prompts
    inner join replay.arms on prompts.arm = arms.arm
    where arms.share > 0
    group by prompts.draw_id
),

answered as (
    select distinct draw_id
    from replay.children
)

select
    prompts.arm,
    prompts.draw_id,
    prompts.chance,
    logged.chance as logged_chance,
    prompts.chance / logged.chance as weight
from replay.prompts
inner join logged on prompts.draw_id = logged.draw_id
semi join answered on prompts.draw_id = answered.draw_id
order by prompts.arm, prompts.draw_id;
