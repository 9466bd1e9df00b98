-- What became of the prompts that models were asked, as of an event: what model policies go by.

-- The best score among the parents of each draw for which a model was drawn.
-- Grain: one row for each such draw.
create or replace macro model_parents_until(n) as table
select
    drawn.draw_id,
    any_value(drawn.model) as model,
    any_value(drawn.completions)::bigint as completions,
    max(programs.score) as parent_score
from (
    select
        draw_id,
        model,
        completions,
        unnest(list_transform(parents, lambda parent: parent.program_id)) as program_id
    from prompt_drawn_as_of(n)
    where model is not null
) as drawn
inner join program_evaluated_as_of(n) as programs on drawn.program_id = programs.program_id
group by drawn.draw_id;

-- Draws for which a model was drawn and that still wait for completions.
-- Grain: one row for each such draw; `under_way` counts the completions.
create or replace macro model_draws_as_of(n) as table
with received as (
    select
        draw_id,
        count(*) as completions
    from completion_received_as_of(n)
    group by draw_id
)

select
    asked.draw_id,
    asked.model,
    asked.parent_score,
    asked.completions - coalesce(received.completions, 0) as under_way
from model_parents_until(n) as asked
left join received on asked.draw_id = received.draw_id
where asked.completions > coalesce(received.completions, 0);

-- Completions of models whose programs are not in the log yet.
-- Grain: one row for each.
create or replace macro model_answers_as_of(n) as table
select
    completions.completion_id,
    completions.model_asked as model,
    asked.parent_score
from completion_received_as_of(n) as completions
inner join model_parents_until(n) as asked on completions.draw_id = asked.draw_id
anti join program_evaluated_as_of(n) as programs on completions.completion_id = programs.completion_id
where completions.model_asked is not null;

-- What each model has given and cost: completions (`failures`: those without a text), programs, and of these
-- the `improvements`, with a score above all of their parents'. Tokens and cost are null where none are
-- reported.
-- Grain: one row for each model that a completion was asked of.
create or replace macro model_results_as_of(n) as table
select
    completions.model_asked as model,
    count(*) as samples,
    count(*) filter (where completions.text is null) as failures,
    count(programs.program_id) as programs,
    count(*) filter (where programs.score > asked.parent_score) as improvements,
    sum(
        coalesce(
            completions.tokens_in + completions.tokens_out, completions.tokens_in, completions.tokens_out
        )
    )::bigint as tokens,
    sum(completions.cost_usd::decimal(18, 9)) as cost_usd,
    sum(completions.latency_seconds::decimal(18, 6)) as seconds
from completion_received_as_of(n) as completions
inner join model_parents_until(n) as asked on completions.draw_id = asked.draw_id
left join program_evaluated_as_of(n) as programs on completions.completion_id = programs.completion_id
where completions.model_asked is not null
group by completions.model_asked;

-- What a model policy reads: each model that there is to choose, with its weight, what became of it, and what
-- it was asked and has not answered.
-- Grain: one row for each row of the relation named by `candidates`.
create or replace macro model_rows(candidates, results, draws) as table
with

waiting as (
    select
        asked.model,
        sum(asked.under_way) as under_way
    from query_table(draws) as asked
    group by asked.model
)

select
    candidates.model,
    candidates.weight,
    coalesce(came.samples, 0) as samples,
    coalesce(came.failures, 0) as failures,
    coalesce(came.programs, 0) as programs,
    coalesce(came.improvements, 0) as improvements,
    came.tokens,
    came.cost_usd::double as cost_usd,
    came.seconds::double as seconds,
    coalesce(waiting.under_way, 0) as under_way
from query_table(candidates) as candidates
left join query_table(results) as came -- noqa: RF02
    on candidates.model = came.model
left join waiting on candidates.model = waiting.model;
