-- Fold the prompt_drawn events of a commit into the projections. Reads them as delta_draws, whose columns are
-- those of schema/events.sql and seq (fsdb.state.projection).
insert into live.random_draws by name
select
    draw_id,
    island_id,
    epoch,
    completions::bigint as completions,
    0::bigint as evaluated
from delta_draws
where kind = 'random';

update live.counts
set
    draws = counts.draws + drawn.draws,
    asked = counts.asked + drawn.asked
from (
    select
        count(*) as draws,
        sum(completions)::bigint as asked
    from delta_draws
) as drawn;
