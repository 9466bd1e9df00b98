-- Draw a program of each cluster drawn, and put the whole draw down, as engine/draw.sql does for one state.
-- Grain: one row for each parent, (arm, draw_id, slot). Parameters: $arm, the policy's number.
-- Reads: chunk_draws, chunk_island_draws, chunk_cluster_draws, chunk_program_logits, chunk_program_masses.
-- A draw whose island or cluster offers nothing has no row; see fsdb.replay.redraw.
insert into replay.drawn
with chosen as (
    select
        clusters.draw_id,
        clusters.slot,
        arg_max(
            logits.program_id,
            logits.logit + noise_gumbel(
                noise_key(draws.seed, draws.draw_id, concat('program:', clusters.slot)), logits.noise_key
            )
        ) as program_id
    from chunk_cluster_draws as clusters
    inner join chunk_draws as draws on clusters.draw_id = draws.draw_id
    inner join chunk_program_logits as logits
        on
            clusters.state = logits.state
            and clusters.cluster_id = logits.cluster_id
    group by clusters.draw_id, clusters.slot
)

select
    $arm as arm,
    clusters.draw_id,
    islands.island_id,
    islands.epoch,
    islands.propensity as island_propensity,
    clusters.temperature,
    clusters.slot,
    (row_number() over (partition by clusters.draw_id order by clusters.score, clusters.slot) - 1)::integer
        as position,
    clusters.cluster_id,
    clusters.score,
    clusters.propensity as cluster_propensity,
    chosen.program_id,
    exp(logits.logit) / masses.mass as program_propensity,
    islands.repeated
    or clusters.offered > islands.clusters
    or masses.offered > clusters.programs as repeated
from chunk_cluster_draws as clusters
inner join chunk_island_draws as islands on clusters.draw_id = islands.draw_id
left join chosen
    on
        clusters.draw_id = chosen.draw_id
        and clusters.slot = chosen.slot
left join chunk_program_logits as logits
    on
        clusters.state = logits.state
        and chosen.program_id = logits.program_id
left join chunk_program_masses as masses
    on
        clusters.state = masses.state
        and clusters.cluster_id = masses.cluster_id;
