-- How many forks an arm a difference of the arms' means needs.
--
-- Grain: one row for each difference. Reads: no relation.
-- Parameters: $deviation, the standard deviation of a run's best score; $differences, in units of it;
--   $confidence, $power.
-- Two means of n independent runs each (normal): n = 2 ((z_confidence + z_power) / difference)^2.
select
    difference * $deviation as difference,
    difference as in_deviations,
    ceil(2 * pow((standard_errors($confidence) + normal_quantile($power)) / difference, 2))::bigint as forks
from (select unnest($differences::double[]) as difference);
