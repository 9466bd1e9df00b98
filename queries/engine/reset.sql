-- Decide a reset: rank every island, and name those that fall.
--
-- Grain: one row for each island, by id.
-- Reads: islands, reset_ranking (the reset policy's query).
-- Parameters: $seed; $reset, the text reset|<number>; $fraction, the share that falls, rounded down.
-- Islands without a key (empty ones) are worst; equal keys are ordered by noise.
with

ranked as (
    select
        islands.*,
        ranking.rank_key,
        row_number() over (
            order by
                ranking.rank_key asc nulls first,
                noise_gumbel(noise_key($seed, $reset, 'worst'), islands.noise_key) asc
        )::integer as rank
    from islands
    left join reset_ranking as ranking on islands.island_id = ranking.island_id
)

select
    island_id,
    epoch,
    programs,
    best_score,
    best_program_id,
    rank_key::double as rank_key,
    rank,
    -- Rounded first: 0.29 of 100 islands are 28.999999999999996.
    rank <= floor(round((select count(*) from islands) * $fraction, 9)) as reset
from ranked
order by island_id;
