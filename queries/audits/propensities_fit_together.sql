-- Draws of one state give one choice one probability, and those of all choices made of it sum to at most 1.
--
-- Grain: one row for each state and kind of choice of which that is not true; seq is the first draw's.
-- Reads: prompt_drawn, draws.
-- The log holds the probability of what was chosen, not of the rest, so no sum has to reach 1. Only first
-- slots compare: without replacement the later ones are probabilities given the slots before.
with

choices as (
    select
        seq,
        as_of,
        policy,
        'island' as choice,
        null::bigint as within,
        island_id::bigint as chosen,
        island_propensity as propensity
    from prompt_drawn
    where kind = 'parents'
    union all
    select
        seq,
        as_of,
        policy,
        'cluster' as choice,
        island_id::bigint as within,
        cluster_id as chosen,
        cluster_propensity as propensity
    from draws
    where kind = 'parents' and slot = 0
    union all
    select
        seq,
        as_of,
        policy,
        'program' as choice,
        cluster_id as within,
        program_id as chosen,
        program_propensity as propensity
    from draws
    where kind = 'parents' and slot = 0
),

chosen_once as (
    select
        as_of,
        policy,
        choice,
        within,
        chosen,
        min(seq) as seq,
        min(propensity) as lowest,
        max(propensity) as highest
    from choices
    group by as_of, policy, choice, within, chosen
)

select
    min(seq) as seq,
    as_of,
    choice,
    within,
    count(*) as chosen,
    sum(highest) as total,
    max(highest - lowest) as difference
from chosen_once
group by as_of, policy, choice, within
having sum(highest) > 1 + 1e-9 or max(highest - lowest) > 1e-9
order by seq;
