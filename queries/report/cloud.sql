-- Where all scored programs lie, by their number and their score, counted in the cells of a grid.
--
-- Grain: one row for each cell that is not empty. Reads: programs. Parameters: $columns, $rows of the grid;
-- $low, the score at its lower edge: what scores less is counted in its lowest row.
with

scored as (
    select
        program_id,
        greatest(score, $low) as score,
        max(program_id) over () + 1 as programs,
        greatest(max(score) over () - $low, 1e-300) as height
    from programs
    where score is not null
),

placed as (
    select
        program_id,
        score,
        programs,
        height,
        least(program_id * $columns // programs, $columns - 1) as place,
        least(floor((score - $low) / height * $rows), $rows - 1)::bigint as level
    from scored
)

select
    place * any_value(programs) / $columns as from_program,
    (place + 1) * any_value(programs) / $columns as to_program,
    $low + level * any_value(height) / $rows as from_score,
    $low + (level + 1) * any_value(height) / $rows as to_score,
    count(*) as programs
from placed
group by place, level
order by place, level;
