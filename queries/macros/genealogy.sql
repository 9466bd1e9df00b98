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

line(program_id, depth) using key (program_id, min(depth)) as (
    select
        start::bigint as program_id,
        0 as depth
    union
    select
        edges.parent_id as program_id,
        line.depth + 1 as depth
    from line
    inner join edges_as_of(9223372036854775807) as edges on line.program_id = edges.child_id
    where edges.parent_id < edges.child_id
)

select
    program_id,
    depth
from line
where program_id is not null;

-- Grain: one row for each descendant of a program, itself at depth 0.
create or replace macro descendants_of(start) as table
with recursive

line(program_id, depth) using key (program_id, min(depth)) as (
    select
        start::bigint as program_id,
        0 as depth
    union
    select
        edges.child_id as program_id,
        line.depth + 1 as depth
    from line
    inner join edges_as_of(9223372036854775807) as edges on line.program_id = edges.parent_id
    where edges.parent_id < edges.child_id
)

select
    program_id,
    depth
from line
where program_id is not null;
