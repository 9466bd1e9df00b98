-- The model with the highest upper confidence bound on improvements for what they cost (UCB1 of Auer,
-- Cesa-Bianchi and Fischer, 2002, on the chance that a completion improves, over the mean cost of one).
--
-- A model without completions comes first; prompts on their way count as completions without improvement, so
-- that a batch of draws does not rush to one model.
-- param exploration = 1.0 >= 0: weight of the confidence bound
-- param per = 'auto' | 'usd' | 'tokens' | 'seconds' | 'samples': of what; auto: usd where known, else tokens
-- param explore = 0.05 >= 0: share (at most 1) of the prompts drawn evenly over all models

-- name: models
with

costs as (
    select
        *,
        case
            when $per = 'usd' or ($per = 'auto' and bool_and(cost_usd > 0) over ()) then cost_usd
            when $per = 'seconds' then seconds
            when $per = 'samples' then samples::double
            else tokens::double
        end as cost
    from models
),

pulls as (
    select
        *,
        samples + under_way as asked
    from costs
),

bounds as (
    select
        model,
        asked,
        if(
            samples = 0,
            null,
            (
                improvements / asked
                + $exploration * sqrt(ln(greatest(sum(asked) over (), 2)) / (2 * asked))
            ) / greatest(coalesce(cost, 1.0) / samples, 1e-12)
        ) as bound
    from pulls
),

-- First those never asked, then by bound; those that are asked for the first time wait for their answers.
ranked as (
    select
        model,
        rank() over (order by asked = 0 desc, bound desc nulls last) = 1 as is_first,
        count(*) over () as models
    from bounds
)

select
    model,
    ln(
        (1 - $explore) * is_first::integer / sum(is_first::integer) over ()
        + $explore / models
    ) as logit
from ranked;
