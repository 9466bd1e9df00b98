-- Do programs get longer and more complicated as the run goes on?
--
-- group: diversity
-- grain: one row for each of `parts` equal parts of the run, by programs
-- reads: program_evaluated
-- parameters:
--   parts bigint = 10: how many parts
--   sample bigint = 10000: how many programs are looked at, evenly spread over the run
-- columns:
--   part: 1 is the first
--   programs: programs with a score that were looked at
--   characters: characters of the text, the mean
--   lines: lines with anything in them, the mean
--   branches: words that branch (if, elif, for, while, and, or, except, case), the mean
--   operators: operators, the mean
--   median_characters: characters of the text, the median
--   longest: characters of the longest
--   length_score_correlation: how length and score go together (Pearson); null where either is all the same
-- notes:
--   Words and operators are counted wherever they stand, in comments and strings too.
with

scored as (
    select
        program_id,
        score,
        ntile($parts) over (order by program_id) as part,
        row_number() over (order by program_id) - 1 as place,
        count(*) over () as programs
    from program_evaluated
    where score is not null and draw_id is not null
),

sampled as (
    select
        program_id,
        score,
        part
    from scored
    where place % greatest(ceil(programs / greatest($sample, 1))::bigint, 1) = 0
),

texts as (
    select
        sampled.part,
        sampled.score,
        programs.source
    from sampled
    inner join program_evaluated as programs on sampled.program_id = programs.program_id
),

measured as (
    select
        part,
        score,
        length(source) as characters,
        len(list_filter(string_split(source, chr(10)), lambda line: trim(line) <> '')) as lines,
        branch_count(source) as branches,
        operator_count(source) as operators
    from texts
)

select
    part,
    count(*) as programs,
    avg(characters) as characters,
    avg(lines) as lines,
    avg(branches) as branches,
    avg(operators) as operators,
    median(characters) as median_characters,
    max(characters) as longest,
    case
        when min(score) < max(score) and min(characters) < max(characters) then corr(characters, score)
    end as length_score_correlation
from measured
group by part
order by part;
