-- What did its evaluator measure of a program beside the score?
--
-- group: run
-- grain: one row for each metric, by name, those kept from prompts last
-- reads: program_evaluated
-- parameters:
--   program bigint = best: the program, by its number
-- columns:
--   program_id: the program
--   status: how its evaluation ended
--   score: the score that drives selection; null where it has none
--   metric: the metric's name, with the names it stands under before it
--   value: the metric where it is a number; null where it is something else
--   text: the metric as text
--   private: whether it is kept from prompts
with

told as (
    select
        program_id,
        status,
        score,
        unnest([
            { 'metrics': metrics, 'is_private': false },
            { 'metrics': private_metrics, 'is_private': true }
        ]) as said
    from program_evaluated
    where program_id = $program
),

leaves as (
    select
        told.program_id,
        told.status,
        told.score,
        substr(leaf.fullkey, 3) as metric,
        json_extract_string(leaf.json, leaf.fullkey) as text,
        told.said.is_private as private
    from told, json_tree(told.said.metrics::json) as leaf
    where told.said.metrics is not null and leaf.atom is not null
)

select
    program_id,
    status,
    score,
    metric,
    try_cast(text as double) as value,
    text,
    private
from leaves
order by program_id, private, metric;
