-- Draw a founder for each island that falls.
--
-- Grain: one row for each island of $islands, by id.
-- Reads: reset_founders (the reset policy's query; may be empty), population, islands.
-- Parameters: $seed; $reset, the text reset|<number>; $islands, the ids of the islands that fall.
-- `repeated` tells that a candidate was offered more than once, and no propensity is right.
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

founder_draws as (
    select
        fallen.island_id,
        arg_max(
            candidates,
            candidates.logit + noise_gumbel(
                noise_key($seed, $reset, concat('founder:', fallen.island_id)), candidates.noise_key
            )
        ) as founder,
        softmax_mass(candidates.logit) as mass,
        count(*) > count(distinct candidates.program_id) as repeated
    from fallen
    cross join candidates
    group by fallen.island_id
)

select
    island_id,
    founder.program_id,
    exp(founder.logit) / mass as propensity,
    repeated
from founder_draws
order by island_id;
