-- Draw the island of each draw of the chunk, as engine/draw.sql does for one state.
-- Grain: one row for each draw. Reads: chunk_draws, chunk_islands, chunk_island_logits.
create or replace temp table chunk_island_draws as
with

masses as (
    select
        state,
        softmax_mass(logit) as mass,
        count(*) > count(distinct island_id) as repeated
    from chunk_island_logits
    group by state
),

chosen as (
    select
        draws.draw_id,
        draws.state,
        arg_max(
            logits.island_id,
            logits.logit + noise_gumbel(noise_key(draws.seed, draws.draw_id, 'island'), logits.noise_key)
        ) as island_id
    from chunk_draws as draws
    inner join chunk_island_logits as logits on draws.state = logits.state
    group by draws.draw_id, draws.state
)

select
    chosen.draw_id,
    chosen.state,
    chosen.island_id,
    logits.epoch,
    logits.clusters,
    exp(logits.logit) / masses.mass as propensity,
    masses.repeated
from chosen
inner join chunk_island_logits as logits
    on
        chosen.state = logits.state
        and chosen.island_id = logits.island_id
inner join masses on chosen.state = masses.state;
