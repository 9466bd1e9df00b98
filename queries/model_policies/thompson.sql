-- Thompson sampling on improvements for what they cost: each model with the probability that it is the best.
--
-- A model's improvements are taken to be Poisson with a rate for each unit of cost, and that rate to be Gamma
-- with shape `prior` + improvements, and with `prior` more units of what an improvement costs on average.
-- Sampling the rates and taking the largest draws each model with the probability that its rate is the
-- largest (Thompson, 1933). This query computes those probabilities, on a grid of the rate's logarithm, and
-- the draw is made from them, so that what is logged is exactly what was drawn with.
-- param prior = 1.0 > 0: strength of the prior, improvements
-- param per = 'auto' | 'usd' | 'tokens' | 'seconds' | 'samples': of what; auto: usd where known, else tokens
-- param explore = 0.01 >= 0: share (at most 1) of the prompts drawn evenly over all models

-- name: models
with

costs as (
    select
        model,
        improvements::double as improvements,
        coalesce(
            case
                when $per = 'usd' or ($per = 'auto' and bool_and(cost_usd > 0) over ()) then cost_usd
                when $per = 'seconds' then seconds
                when $per = 'samples' then samples::double
                else tokens::double
            end,
            0.0
        ) as cost
    from models
),

-- Rates in units of the rate of all models together, so that the grid fits whatever cost is counted in.
posteriors as (
    select
        model,
        improvements + $prior as shape,
        $prior
        + cost * (sum(improvements) over () + $prior) / greatest(sum(cost) over (), 1e-12) as exposure
    from costs
),

grid as (
    select unnest(range(-600, 400)) / 50.0 as log_rate
),

-- The density of ln(rate): rate^shape · exp(-rate · exposure), up to a constant.
densities as (
    select
        posteriors.model,
        grid.log_rate,
        posteriors.shape * grid.log_rate - exp(grid.log_rate) * posteriors.exposure as log_density
    from posteriors
    cross join grid
),

masses as (
    select
        model,
        log_rate,
        exp(log_density - max(log_density) over (partition by model)) as mass
    from densities
),

shares as (
    select
        model,
        log_rate,
        mass / total as share,
        (below - mass / 2) / total as below
    from (
        select
            *,
            sum(mass) over (partition by model order by log_rate) as below,
            sum(mass) over (
                partition by model
                order by log_rate
                rows between unbounded preceding and unbounded following
            ) as total
        from masses
    )
),

-- Sums are in order, so that they come out the same to the last bit whenever they are made.
-- The chance that all others' rates are lower, whatever this one's is.
bests as (
    select
        model,
        sum(share * exp(all_below - ln(greatest(below, 1e-300))) order by log_rate) as chance
    from (
        select
            *,
            sum(ln(greatest(below, 1e-300))) over (
                partition by log_rate
                order by model
                rows between unbounded preceding and unbounded following
            ) as all_below
        from shares
    )
    group by model
)

select
    model,
    ln((1 - $explore) * chance / total + $explore / models) as logit
from (
    select
        *,
        count(*) over () as models,
        sum(chance) over (
            order by model
            rows between unbounded preceding and unbounded following
        ) as total
    from bests
);
