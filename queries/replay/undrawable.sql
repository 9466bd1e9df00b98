-- The first draw that a policy could not make as it must.
-- Grain: one row, none where all is well. Parameters: $arm. Reads: replay.draws, replay.drawn.
-- `repeated`: something was offered more than once; `missing`: nothing was offered; else a logit is no
-- number.
select
    draws.draw_id,
    coalesce(bool_or(drawn.repeated), false) as repeated,
    count(drawn.draw_id) = 0 as missing
from replay.draws
left join replay.drawn
    on
        draws.draw_id = drawn.draw_id
        and drawn.arm = $arm
where draws.kind = 'parents'
group by draws.draw_id
having
    count(drawn.draw_id) = 0
    or bool_or(drawn.repeated)
    or not coalesce(bool_and(
        isfinite(drawn.island_propensity) and drawn.island_propensity > 0
        and isfinite(drawn.cluster_propensity) and drawn.cluster_propensity > 0
        and isfinite(drawn.program_propensity) and drawn.program_propensity > 0
    ), false)
    or count(*) <> count(drawn.program_propensity)
order by draws.draw_id
limit 1;
