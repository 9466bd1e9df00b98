-- Every propensity is above 0 and at most 1.
--
-- Grain: one row for each that is not. Reads: prompt_drawn, draws, resets.
with propensities as (
    select
        seq,
        'island' as choice,
        island_propensity as propensity
    from prompt_drawn
    union all
    select
        seq,
        'cluster' as choice,
        cluster_propensity as propensity
    from draws
    where kind = 'parents'
    union all
    select
        seq,
        'program' as choice,
        program_propensity as propensity
    from draws
    where kind = 'parents'
    union all
    select
        seq,
        'model' as choice,
        model_propensity as propensity
    from prompt_drawn
    where model is not null
    union all
    select
        seq,
        'founder' as choice,
        founder_propensity as propensity
    from resets
    where founder_program_id is not null
)

select
    seq,
    choice,
    propensity
from propensities
where not coalesce(propensity > 0 and propensity <= 1, false)
order by seq, choice;
