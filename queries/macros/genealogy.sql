-- Who descends from whom. A program has several parents, so this is no tree: each program is there once, at
-- its least number of steps. sqlfluff knows no USING KEY.
-- noqa: disable=all

-- A program's number: the one given, else (null or 'best') that of the first program with the best score.
create or replace macro program_or_best(program) as
    case
        when program is null or program::varchar = 'best' then (
            select arg_max(programs.program_id, (programs.score, -programs.program_id))
            from program_evaluated as programs
            where programs.score is not null
        )
        else program::varchar::bigint
    end;

-- A parent comes before its child; what a damaged log says otherwise is no edge, or it would go on for ever.
-- Grain: one row for each ancestor of a program, itself at depth 0.
create or replace macro ancestors_of(start) as table
with recursive

steps as materialized (
    select
        child_id,
        parent_id
    from edges_as_of(9223372036854775807)
    where parent_id < child_id
),

line(program_id, depth) using key (program_id, min(depth)) as (
    select
        start::bigint as program_id,
        0 as depth
    union
    select
        steps.parent_id as program_id,
        line.depth + 1 as depth
    from line
    inner join steps on line.program_id = steps.child_id
)

select
    program_id,
    depth
from line
where program_id is not null;

-- Grain: one row for each descendant of a program, itself at depth 0.
create or replace macro descendants_of(start) as table
with recursive

steps as materialized (
    select
        child_id,
        parent_id
    from edges_as_of(9223372036854775807)
    where parent_id < child_id
),

line(program_id, depth) using key (program_id, min(depth)) as (
    select
        start::bigint as program_id,
        0 as depth
    union
    select
        steps.child_id as program_id,
        line.depth + 1 as depth
    from line
    inner join steps on line.program_id = steps.parent_id
)

select
    program_id,
    depth
from line
where program_id is not null;

-- Where each program's line began: from best parent to best parent, the one shown last, back to a program
-- without parents.
-- Grain: one row for each program; `generation` counts the steps, founders' copies among them.
create or replace macro best_lines() as table
with recursive

best_parents as materialized (
    select
        program_id,
        parents[-1] as parent_id
    from program_evaluated_as_of(9223372036854775807)
),

line(program_id, root_id, generation) as (
    select
        program_id,
        program_id as root_id,
        0 as generation
    from best_parents
    where parent_id is null
    union all
    select
        best_parents.program_id,
        line.root_id,
        line.generation + 1 as generation
    from line
    inner join best_parents on line.program_id = best_parents.parent_id
    where best_parents.parent_id < best_parents.program_id
)

from line;

-- The lines of a text, without the spaces around them and without empty ones, each once.
create or replace macro line_set(source) as
    list_distinct(
        list_filter(
            list_transform(string_split(source, chr(10)), lambda line: trim(line)),
            lambda line: line <> ''
        )
    );

-- How alike two texts are: the lines that they share, over those that either has (Jaccard); 1 of equal ones.
create or replace macro set_similarity(lines, other_lines) as
    len(list_intersect(lines, other_lines))
    / nullif(len(lines) + len(other_lines) - len(list_intersect(lines, other_lines)), 0);

-- Grain: one row for each step of the line of a program by its best parents, the one shown last; step 0 is where
-- it began, a program without parents.
create or replace macro best_path_of(start) as table
with recursive

best_parents as materialized (
    select
        program_id,
        parents[-1] as parent_id
    from program_evaluated_as_of(9223372036854775807)
),

line(program_id, back) as (
    select
        start::bigint as program_id,
        0 as back
    union all
    select
        best_parents.parent_id as program_id,
        line.back + 1 as back
    from line
    inner join best_parents on line.program_id = best_parents.program_id
    where best_parents.parent_id < best_parents.program_id
)

select
    program_id,
    max(back) over () - back as step
from line;
