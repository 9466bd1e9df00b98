-- What became of each draw's children, beside what its prompt and its state held.
-- Grain: one row for each program that answers a drawn prompt. Reads: program_evaluated, replay.parents,
--   replay.draws, replay.islands, replay.progress.
-- `score` is null without one; the rest are 0 or 1. Bests are those as of the draw's state.
create or replace table replay.children as
with

parents as (
    select
        parents.draw_id,
        max(programs.score) as better
    from replay.parents
    inner join program_evaluated as programs on parents.program_id = programs.program_id
    group by parents.draw_id
),

states as (
    select
        draws.draw_id,
        islands.best_score as island_best,
        progress.best_score as global_best
    from replay.draws
    asof inner join replay.progress on draws.state >= progress.seq
    inner join replay.islands
        on
            draws.island_id = islands.island_id
            and draws.state >= islands.from_seq
            and draws.state < islands.until_seq
    where draws.kind = 'parents'
)

select
    programs.draw_id,
    programs.program_id,
    programs.score,
    (programs.score is not null)::integer as valid,
    coalesce(programs.score > parents.better, false)::integer as beats_parent,
    coalesce(programs.score > states.island_best, false)::integer as island_best,
    coalesce(programs.score > states.global_best, false)::integer as global_best
from program_evaluated as programs
inner join states on programs.draw_id = states.draw_id
inner join parents on programs.draw_id = parents.draw_id
order by programs.program_id;
