-- How two arms of forks compare, seed by seed.
--
-- Grain: one row; none without a pair. Reads: no relation.
-- Parameters: $seeds, $control and $policy, lists: the best score of each arm by seed, in the order of seeds;
--   $confidence of the interval; $resamples of the bootstrap and of the test.
-- The interval is a bootstrap's over the pairs (percentiles). The test is Wilcoxon's signed-rank test (1945)
-- by random signs: how often ranks with signs drawn by lot sum to at least what was seen. Pairs without a
-- difference say nothing in it.
with

pairs as materialized (
    select
        control,
        policy,
        policy - control as difference,
        row_number() over (order by seed) - 1 as place,
        count(*) over () as pairs
    from (
        select
            unnest($seeds::bigint[]) as seed,
            unnest($control::double[]) as control,
            unnest($policy::double[]) as policy
    )
),

replicates as (
    select unnest(range($resamples)) as replicate
),

resampled as (
    select
        replicates.replicate,
        avg(picked.difference) as difference
    from pairs
    cross join replicates
    inner join pairs as picked
        on bootstrap_pick(replicates.replicate, pairs.place, pairs.pairs) = picked.place
    group by replicates.replicate
),

sorted as (
    select list(difference order by difference) as differences
    from resampled
),

ranked as (
    select
        place,
        sign(difference)
        * (rank() over (order by abs(difference)) + (count(*) over (partition by abs(difference)) - 1) / 2)
            as signed_rank
    from pairs
    where difference <> 0
),

by_lot as (
    select
        replicates.replicate,
        abs(sum(
            abs(ranked.signed_rank)
            * if(noise_uniform(splitmix64(replicates.replicate::ubigint), ranked.place::ubigint) < 0.5, -1, 1)
        )) as total
    from ranked
    cross join replicates
    group by replicates.replicate
),

seen as (
    select abs(sum(signed_rank)) as total
    from ranked
),

tested as (
    select (1 + count(*) filter (where by_lot.total >= seen.total - 1e-9)) / (1 + count(*))::double as p_value
    from by_lot
    cross join seen
)

select
    count(*) as pairs,
    avg(pairs.control) as control_mean,
    avg(pairs.policy) as policy_mean,
    avg(pairs.difference) as difference,
    if(count(*) > 1, sorted_low(any_value(sorted.differences), (1 - $confidence) / 2), null) as low,
    if(count(*) > 1, sorted_high(any_value(sorted.differences), (1 - $confidence) / 2), null) as high,
    stddev_samp(pairs.difference) as deviation,
    count(*) filter (where pairs.difference > 0) as wins,
    count(*) filter (where pairs.difference = 0) as ties,
    if(count(*) > 1, any_value(tested.p_value), null) as p_value
from pairs
cross join sorted
cross join tested
having count(*) > 0;
