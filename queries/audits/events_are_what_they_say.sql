-- Events follow one another without a gap, of one run, and each holds what its type says and nothing else.
--
-- Grain: one row for each event of which that is not true. Reads: events.
-- What an event holds is told by a field that is never null in it: reading one is quick, reading all is not.
with placed as (
    select
        seq,
        type,
        row_number() over (order by seq) - 1 as place,
        run_id <> first_value(run_id) over (order by seq) as is_of_another_run,
        list_filter(
            [
                case when run_started.name is not null then 'run_started' end,
                case when run_resumed.fsdb_version is not null then 'run_resumed' end,
                case when run_forked.parent_seq is not null then 'run_forked' end,
                case when prompt_drawn.draw_id is not null then 'prompt_drawn' end,
                case when completion_received.completion_id is not null then 'completion_received' end,
                case when request_attempted.draw_id is not null then 'request_attempted' end,
                case when program_evaluated.program_id is not null then 'program_evaluated' end,
                case when island_reset.reset_id is not null then 'island_reset' end,
                case when run_stopped.reason is not null then 'run_stopped' end
            ],
            lambda held: held is not null
        ) as holds
    from events
)

select
    seq,
    place,
    type,
    holds
from placed
where seq <> place or holds <> [type] or is_of_another_run
order by seq;
