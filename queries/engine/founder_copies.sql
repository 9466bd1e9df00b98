-- What the copies of founders hold.
--
-- Grain: one row for each program of $programs that lives.
-- Reads: population, sources. Parameters: $programs.
select
    population.program_id,
    sources.source,
    population.signature,
    population.score
from population
inner join sources on population.program_id = sources.program_id
where population.program_id in (select unnest($programs::bigint[]));
