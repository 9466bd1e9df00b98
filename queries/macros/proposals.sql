-- What came of each program that a sampler proposed, beside what was there before it.

-- Grain: one row for each program that came from a draw. The better parent is the one shown last.
-- `beats_parent` is null for one without parents; `is_island_best` and `is_global_best` that it was better
-- than the members of its island in its epoch, if it joined them; than every program of the run before it.
create or replace macro proposals() as table
with

judged as materialized (
    select
        program_id,
        seq,
        draw_id,
        completion_id,
        sampler,
        island_id,
        epoch,
        status,
        score,
        parents[-1] as parent_id,
        max(score) over earlier as global_before,
        max(case when status = 'ok' then score end) over earlier_on_island as island_before
    from program_evaluated_as_of(9223372036854775807)
    window
        earlier as (
            order by program_id
            rows between unbounded preceding and 1 preceding
        ),
        earlier_on_island as (
            partition by island_id, epoch
            order by program_id
            rows between unbounded preceding and 1 preceding
        )
)

select
    made.program_id,
    made.seq,
    made.draw_id,
    made.completion_id,
    made.sampler,
    made.island_id,
    made.epoch,
    made.status,
    made.score,
    made.parent_id,
    parent.score as parent_score,
    made.score - parent.score as gain,
    case when made.parent_id is not null then coalesce(made.score > parent.score, false) end as beats_parent,
    made.status = 'ok' and coalesce(made.score > made.island_before, false) as is_island_best,
    coalesce(made.score > made.global_before, false) as is_global_best,
    case
        when parent.score is null then 'none'
        when parent.score >= made.global_before then 'best of all'
        when parent.score >= made.island_before then 'best on the island'
        else 'other'
    end as parent_standing
from judged as made
left join judged as parent on made.parent_id = parent.program_id
where made.draw_id is not null;
