-- Figures that say how sure one can be: intervals of proportions and means, and quantiles of the normal.

-- The quantile of the standard normal (Acklam's rational approximation; relative error below 1.2e-9).
create or replace macro normal_quantile_tail(q) as
    (
        (
            (((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q
                - 2.549732539343734e+00) * q + 4.374664141464968e+00
        ) * q + 2.938163982698783e+00
    )
    / (
        (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q
            + 3.754408661907416e+00) * q + 1.0
    );

create or replace macro normal_quantile_centre(q, r) as
    (
        (
            (((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r
                + 1.383577518672690e+02) * r - 3.066479806614716e+01
        ) * r + 2.506628277459239e+00
    )
    * q
    / (
        (
            (((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r
                + 6.680131188771972e+01) * r - 1.328068155288572e+01
        ) * r + 1.0
    );

create or replace macro normal_quantile(p) as
    case
        when p::double <= 0 or p::double >= 1 then null
        when p::double < 0.02425 then normal_quantile_tail(sqrt(-2 * ln(p::double)))
        when p::double > 0.97575 then -normal_quantile_tail(sqrt(-2 * ln(1 - p::double)))
        else normal_quantile_centre(p::double - 0.5, (p::double - 0.5) * (p::double - 0.5))
    end;

-- How many standard errors an interval of this confidence (0.95) reaches to each side: the z of those below.
create or replace macro standard_errors(confidence) as
    normal_quantile(0.5 + confidence::double / 2);

-- Wilson's interval of a proportion (Wilson 1927): its middle, and how far it reaches. Null of no trials.
create or replace macro wilson_middle(hits, trials, z) as
    (hits::double + z * z / 2) / (trials::double + z * z);

create or replace macro wilson_reach(hits, trials, z) as
    z
    * sqrt(greatest(hits::double * (trials::double - hits::double) / trials::double + z * z / 4, 0.0))
    / (trials::double + z * z);

create or replace macro wilson_low(hits, trials, z) as
    case
        when trials > 0 then greatest(wilson_middle(hits, trials, z) - wilson_reach(hits, trials, z), 0.0)
    end;

create or replace macro wilson_high(hits, trials, z) as
    case
        when trials > 0 then least(wilson_middle(hits, trials, z) + wilson_reach(hits, trials, z), 1.0)
    end;

-- Half the width of the normal interval of a mean, given the values' standard deviation; null of one value.
create or replace macro mean_reach(deviation, trials, z) as
    case when trials > 1 then z * deviation / sqrt(trials::double) end;

-- Which of `items` things a bootstrap's replicate takes in its place `place`, from 0: the same on any
-- machine, as all chance is here (queries/macros/noise.sql).
create or replace macro bootstrap_pick(replicate, place, items) as
    least(
        floor(noise_uniform(splitmix64(replicate::ubigint), place::ubigint) * items)::bigint, items - 1
    );

-- The ends of the interval that leaves a share `tail` of a sorted list beyond each of them, on the safe side.
create or replace macro sorted_low(items, tail) as
    items[floor(tail * (len(items) - 1))::bigint + 1];

create or replace macro sorted_high(items, tail) as
    items[ceil((1 - tail) * (len(items) - 1))::bigint + 1];
