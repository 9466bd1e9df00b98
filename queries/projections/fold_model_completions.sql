-- Fold the completion_received events of a commit into what model policies go by. Reads them as
-- delta_completions, whose columns are those of schema/events.sql and seq (fsdb.state.projection).
insert into live.model_answers by name
select
    received.completion_id,
    received.model_asked as model,
    draws.parent_score
from delta_completions as received
inner join live.model_draws as draws on received.draw_id = draws.draw_id
where received.model_asked is not null;

insert into live.model_results by name
select distinct
    received.model_asked as model,
    0::bigint as samples,
    0::bigint as failures,
    0::bigint as programs,
    0::bigint as improvements,
    null::bigint as tokens,
    null::decimal(38, 9) as cost_usd,
    null::decimal(38, 6) as seconds
from delta_completions as received
semi join live.model_draws as draws on received.draw_id = draws.draw_id
anti join live.model_results as results on received.model_asked = results.model
where received.model_asked is not null;

update live.model_results
set
    samples = model_results.samples + received.samples,
    failures = model_results.failures + received.failures,
    tokens = if(
        received.tokens is null, model_results.tokens, coalesce(model_results.tokens, 0) + received.tokens
    ),
    cost_usd = if(
        received.cost_usd is null,
        model_results.cost_usd,
        coalesce(model_results.cost_usd, 0) + received.cost_usd
    ),
    seconds = if(
        received.seconds is null, model_results.seconds, coalesce(model_results.seconds, 0) + received.seconds
    )
from (
    select
        completions.model_asked as model,
        count(*) as samples,
        count(*) filter (where completions.text is null) as failures,
        sum(
            coalesce(
                completions.tokens_in + completions.tokens_out, completions.tokens_in, completions.tokens_out
            )
        )::bigint as tokens,
        sum(completions.cost_usd::decimal(18, 9)) as cost_usd,
        sum(completions.latency_seconds::decimal(18, 6)) as seconds
    from delta_completions as completions
    semi join live.model_draws as draws on completions.draw_id = draws.draw_id
    where completions.model_asked is not null
    group by completions.model_asked
) as received
where model_results.model = received.model;

update live.model_draws
set under_way = model_draws.under_way - received.completions
from (
    select
        draw_id,
        count(*) as completions
    from delta_completions
    group by draw_id
) as received
where model_draws.draw_id = received.draw_id;

delete from live.model_draws
where under_way <= 0;
