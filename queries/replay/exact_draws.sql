-- Where a draw made again is not the one logged.
-- Grain: one row for each draw in which anything differs in a single bit.
-- Parameters: $seed, $policy, $policy_params, $noise_scheme, as the run began.
-- Reads: replay.draws, replay.parents, replay.drawn (arm 0).
with

shown as (
    select
        parents.draw_id,
        parents.position,
        parents.slot,
        parents.program_id,
        parents.cluster_id,
        parents.cluster_propensity,
        parents.program_propensity,
        draws.island_id,
        draws.epoch,
        draws.island_propensity,
        draws.temperature
    from replay.parents
    inner join replay.draws on parents.draw_id = draws.draw_id
),

drawn as (
    select
        draw_id,
        position,
        slot,
        program_id,
        cluster_id,
        cluster_propensity,
        program_propensity,
        island_id,
        epoch,
        island_propensity,
        temperature
    from replay.drawn
    where arm = 0
),

different as (
    select coalesce(shown.draw_id, drawn.draw_id) as draw_id
    from shown
    full join drawn
        on
            shown.draw_id = drawn.draw_id
            and shown.position = drawn.position
    where shown is distinct from drawn -- noqa: RF02
    union
    select draw_id
    from replay.draws
    where
        as_of <> state
        or seed <> $seed
        or noise_scheme <> $noise_scheme
        or (
            kind = 'parents'
            and (policy is distinct from $policy or policy_params is distinct from $policy_params)
        )
),

remade as (
    select
        draw_id,
        list(drawn order by drawn.position) as parents
    from drawn
    where draw_id in (select different.draw_id from different)
    group by draw_id
)

select
    draws.seq,
    draws.draw_id,
    draws.kind,
    draws.as_of,
    draws.state,
    draws.seed,
    draws.noise_scheme,
    draws.policy,
    draws.policy_params,
    draws.island_id,
    draws.epoch,
    draws.island_propensity,
    draws.temperature,
    draws.parents as logged,
    coalesce(remade.parents, []) as remade
from replay.draws
inner join different on draws.draw_id = different.draw_id
left join remade on draws.draw_id = remade.draw_id
order by draws.seq;
