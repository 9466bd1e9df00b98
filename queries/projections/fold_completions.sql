-- Fold the completion_received events of a commit into the projections. Reads them as delta_completions,
-- whose columns are those of schema/events.sql and seq (fsdb.state.projection).
update live.counts
set
    samples = counts.samples + received.samples,
    tokens_in = if(
        received.tokens_in is null, counts.tokens_in, coalesce(counts.tokens_in, 0) + received.tokens_in
    ),
    tokens_out = if(
        received.tokens_out is null, counts.tokens_out, coalesce(counts.tokens_out, 0) + received.tokens_out
    ),
    cost_usd = if(
        received.cost_usd is null, counts.cost_usd, coalesce(counts.cost_usd, 0) + received.cost_usd
    )
from (
    select
        count(*) as samples,
        sum(tokens_in)::bigint as tokens_in,
        sum(tokens_out)::bigint as tokens_out,
        sum(cost_usd::decimal(18, 9)) as cost_usd
    from delta_completions
) as received;
