-- Draw a model for each prompt of a batch, and with it the order in which the others are next in line.
--
-- Grain: one row for each draw.
-- Reads: models; policy_models (the model policy's own query, fsdb.state.policies).
-- Parameters: $seed; $draws, the draw numbers.
-- The order is that of logit + Gumbel noise: its first is a draw from the softmax of the logits, and its next
-- one a draw from the softmax of those left.
with

draws as (
    select
        draw_id,
        noise_key($seed, draw_id, 'model') as draw_key
    from (select unnest($draws::bigint[]) as draw_id)
),

logits as (
    select
        models.model,
        models.weight,
        item_key(concat('model:', models.model)) as noise_key,
        policy.logit - max(policy.logit) over () as logit
    from policy_models as policy
    inner join models on policy.model = models.model
),

masses as (
    select
        softmax_mass(logit) as mass,
        count(*) as models
    from logits
)

select
    draws.draw_id,
    list({
        'model': logits.model,
        'weight': logits.weight,
        'propensity': exp(logits.logit) / masses.mass
    } order by logits.logit + noise_gumbel(draws.draw_key, logits.noise_key) desc, logits.model) as models
from draws
cross join logits
cross join masses
group by draws.draw_id
order by draws.draw_id;
