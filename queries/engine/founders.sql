-- Draw a founder for each island that falls.
--
-- Grain: one row for each island of $islands, by id.
-- Reads: reset_founders (the reset policy's query; may be empty), population, islands.
-- Parameters: $seed; $reset, the text reset|<number>; $islands, the ids of the islands that fall.
with

fallen as (
    select unnest($islands::integer[]) as island_id
),

candidates as (
    select
        founders.program_id,
        -- Two islands may hold the same source: the island tells such candidates apart.
        xor(population.noise_key, islands.noise_key) as noise_key,
        founders.logit - max(founders.logit) over () as logit
    from reset_founders as founders
    inner join population on founders.program_id = population.program_id
    inner join islands on population.island_id = islands.island_id
),

mass as (
    select sum(exp(logit)) as mass
    from candidates
),

founder_draws as (
    select
        fallen.island_id,
        arg_max(
            candidates.program_id,
            candidates.logit + noise_gumbel(
                noise_key($seed, $reset, concat('founder:', fallen.island_id)), candidates.noise_key
            )
        ) as program_id
    from fallen
    cross join candidates
    group by fallen.island_id
)

select
    founder_draws.island_id,
    founder_draws.program_id,
    exp(candidates.logit) / mass.mass as propensity
from founder_draws
inner join candidates on founder_draws.program_id = candidates.program_id
cross join mass
order by founder_draws.island_id;
