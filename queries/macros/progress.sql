-- What a run has done as of an event: counts for resets and stops, draws that are still open, bests.

-- Grain: one row. Founders' copies and the seed program count as no work, only for the best.
-- Tokens and cost are null where no completion reports them.
create or replace macro progress_as_of(n) as table
with

last_reset as (
    select
        coalesce(max(seq), -1) as seq,
        count(*) as resets
    from island_reset_as_of(n)
),

drawn as (
    select
        count(*) as draws,
        coalesce(sum(completions), 0)::bigint as asked
    from prompt_drawn_as_of(n)
),

received as (
    select
        count(*) as samples,
        sum(tokens_in)::bigint as tokens_in,
        sum(tokens_out)::bigint as tokens_out,
        sum(cost_usd::decimal(18, 9)) as cost_usd
    from completion_received_as_of(n)
),

judged as (
    select
        count(programs.draw_id) as programs,
        count(programs.draw_id) filter (where programs.score is not null) as valid,
        count(programs.draw_id) filter (where programs.seq > last_reset.seq) as programs_since_reset,
        max(programs.score) as best_score,
        arg_max(programs.program_id, (programs.score, -programs.program_id))
            filter (where programs.score is not null) as best_program_id
    from program_evaluated_as_of(n) as programs
    cross join last_reset
)

select
    drawn.draws,
    drawn.asked,
    received.samples,
    received.tokens_in,
    received.tokens_out,
    received.cost_usd,
    judged.programs,
    judged.valid,
    judged.best_score,
    judged.best_program_id,
    last_reset.resets,
    judged.programs_since_reset,
    coalesce(getvariable('hours_since_reset'), 0.0)::double as hours_since_reset
from drawn
cross join received
cross join judged
cross join last_reset;

-- Grain: one row for each draw of kind random.
create or replace macro random_draws_as_of(n) as table
with evaluated as (
    select
        draw_id,
        count(*) as evaluated
    from program_evaluated_as_of(n)
    group by draw_id
)

select
    draws.draw_id,
    draws.island_id,
    draws.epoch,
    draws.completions::bigint as completions,
    coalesce(evaluated.evaluated, 0)::bigint as evaluated
from prompt_drawn_as_of(n) as draws
left join evaluated on draws.draw_id = evaluated.draw_id
where draws.kind = 'random';

-- Draws whose completions have not all been received and evaluated.
-- Grain: one row for each such draw; `received` and `evaluated` list the ordinals.
create or replace macro open_draws_as_of(n) as table
with

done as (
    select
        draw_id,
        count(*) as programs
    from program_evaluated_as_of(n)
    group by draw_id
),

-- Few, whatever the run's length: only theirs is listed.
open as (
    select draws.*
    from prompt_drawn_as_of(n) as draws
    left join done on draws.draw_id = done.draw_id
    where coalesce(done.programs, 0) < draws.completions
),

completions as (
    select
        draw_id,
        completion_id,
        ordinal
    from completion_received_as_of(n)
    where draw_id in (select open.draw_id from open)
),

received as (
    select
        draw_id,
        list(ordinal order by ordinal) as ordinals
    from completions
    group by draw_id
),

evaluated as (
    select
        completions.draw_id,
        list(completions.ordinal order by completions.ordinal) as ordinals
    from completions
    inner join program_evaluated_as_of(n) as programs on completions.completion_id = programs.completion_id
    group by completions.draw_id
)

select
    open.draw_id,
    open.kind,
    open.island_id,
    open.epoch,
    open.completions,
    coalesce(received.ordinals, []) as received,
    coalesce(evaluated.ordinals, []) as evaluated
from open
left join received on open.draw_id = received.draw_id
left join evaluated on open.draw_id = evaluated.draw_id;

-- Whose result serves for another program with the same source: the first one that was run.
-- Grain: one row for each source; what the sandbox itself failed on is not reused. `outcome` is the status
-- that the program earned by itself, whatever became of it on its island; `source_key` is 64 bits of the
-- hash, which are compared before all of it.
create or replace macro scored_sources_as_of(n) as table
select
    source_hash,
    program_id,
    if(score is null, status, 'ok') as outcome,
    error,
    output,
    scores,
    score,
    signature_hash,
    item_key(source_hash) as source_key
from program_evaluated_as_of(n)
where source_hash is not null and reused_from is null and status <> 'sandbox_error'
qualify row_number() over (partition by source_hash order by program_id) = 1;

-- Grain: one row for each program that was better than all before it, whatever became of it.
create or replace macro best_so_far_as_of(n) as table
with

-- What was better than all before it was the first with its score, so the others need not be compared.
first_with_score as (
    select
        score,
        min(program_id) as program_id
    from program_evaluated_as_of(n)
    where score is not null
    group by score
),

compared as (
    select
        program_id,
        score,
        max(score) over (
            order by program_id
            rows between unbounded preceding and 1 preceding
        ) as best_before
    from first_with_score
),

bests as (
    select
        program_id,
        score - best_before as gain
    from compared
    where best_before is null or score > best_before
)

select
    programs.program_id,
    programs.seq,
    programs.score,
    bests.gain,
    programs.island_id,
    programs.epoch,
    programs.status,
    programs.sampler,
    programs.draw_id,
    programs.recorded_at
from program_evaluated_as_of(n) as programs
inner join bests on programs.program_id = bests.program_id;

-- Grain: one row for each parent of a program; position 0 is the worst one shown.
create or replace macro edges_as_of(n) as table
select
    program_id as child_id,
    unnest(parents) as parent_id,
    generate_subscripts(parents, 1)::integer - 1 as position
from program_evaluated_as_of(n);

-- Grain: one row for each parent drawn for a prompt; one with null parent columns for a draw without parents.
create or replace macro draws_as_of(n) as table
with shown as (
    select
        *,
        unnest(if(len(parents) = 0, [null], parents)) as parent
    from prompt_drawn_as_of(n)
)

select
    draw_id,
    seq,
    batch_id,
    as_of,
    kind,
    policy,
    island_id,
    epoch,
    island_propensity,
    temperature,
    parent.position,
    parent.slot,
    parent.program_id,
    parent.cluster_id,
    parent.cluster_propensity,
    parent.program_propensity,
    sampler,
    completions,
    recorded_at
from shown;

-- Grain: one row for each island at each reset.
create or replace macro resets_as_of(n) as table
select
    reset_id,
    seq,
    as_of,
    policy,
    island.island_id,
    island.epoch,
    island.programs,
    island.best_score,
    island.best_program_id,
    island.rank_key,
    island.rank,
    island.reset,
    island.founder_program_id,
    island.founder_propensity,
    recorded_at
from (
    select
        *,
        unnest(islands) as island
    from island_reset_as_of(n)
);

-- When writers were at work: what tells the time of a run that stood still between two of them.
-- Grain: one row for each writer; `active_before` are the seconds that those before it were at work. Of one
-- whose last event the log has lost it is not known how long it was at work, and no time counts.
create or replace macro writers_until(n) as table
with

span as (
    select
        min(seq) as first_seq,
        max(seq) as last_seq
    from events
    where seq <= n
),

began as (
    select
        events.seq as first_seq,
        events.type = 'run_resumed' as resumed,
        events.recorded_at as began_at,
        coalesce(lead(events.seq) over (order by events.seq) - 1, span.last_seq) as last_seq
    from events
    cross join span
    where
        events.seq <= n
        and (events.type in ('run_started', 'run_resumed') or events.seq = span.first_seq)
),

ended as (
    select
        began.first_seq,
        began.last_seq,
        began.resumed,
        began.began_at,
        coalesce(events.recorded_at, began.began_at) as ended_at
    from began
    left join events on began.last_seq = events.seq
)

select
    first_seq,
    last_seq,
    resumed,
    began_at,
    ended_at,
    coalesce(
        sum(epoch(ended_at) - epoch(began_at)) over (
            order by first_seq
            rows between unbounded preceding and 1 preceding
        ),
        0.0
    ) as active_before
from ended;

-- When something happened, in seconds that writers were at work.
-- Grain: one row for each event (column seq) of the relation named by `moments`.
create or replace macro seconds_at_work(moments) as table
with asked as (
    select named.seq
    from query_table(moments) as named
)

select
    asked.seq,
    writers.active_before + epoch(events.recorded_at) - epoch(writers.began_at) as seconds
from asked
inner join events on asked.seq = events.seq
inner join writers_until(9223372036854775807) as writers
    on events.seq between writers.first_seq and writers.last_seq;

-- What was spent until events: samples and programs (founders' copies and the seed program are none), active
-- seconds, tokens and cost, null where none are reported.
-- Grain: one row for each row of the relation named by `moments`, of which only `seq` is read.
create or replace macro spent_until(moments) as table
with

asked as (
    select distinct named.seq
    from query_table(moments) as named
),

work as (
    select
        seq,
        1 as samples,
        0 as programs,
        coalesce(tokens_in + tokens_out, tokens_in, tokens_out) as tokens,
        cost_usd
    from completion_received_as_of(9223372036854775807)
    union all
    select
        seq,
        0 as samples,
        1 as programs,
        null as tokens,
        null as cost_usd
    from program_evaluated_as_of(9223372036854775807)
    where draw_id is not null
),

between_moments as (
    select
        asked.seq,
        sum(work.samples) as samples,
        sum(work.programs) as programs,
        sum(work.tokens) as tokens,
        sum(work.cost_usd) as cost_usd
    from work
    asof inner join asked on work.seq <= asked.seq
    group by asked.seq
),

timed as (from seconds_at_work('asked'))

select
    asked.seq,
    coalesce(sum(between_moments.samples) over upto, 0)::bigint as samples,
    coalesce(sum(between_moments.programs) over upto, 0)::bigint as programs,
    timed.seconds,
    (sum(between_moments.tokens) over upto)::bigint as tokens,
    sum(between_moments.cost_usd) over upto as cost_usd
from asked
left join between_moments on asked.seq = between_moments.seq
left join timed on asked.seq = timed.seq
window upto as (order by asked.seq);

-- What was spent until each new best, and until the end of the log (a row without program).
-- Grain: one row for each new best, and one for the end.
create or replace macro bests_and_end() as table
with

bests as materialized (
    select
        program_id,
        seq,
        score,
        gain,
        sampler,
        island_id
    from best_so_far_as_of(9223372036854775807)
    union all
    select
        null as program_id,
        max(seq) as seq,
        null as score,
        null as gain,
        null as sampler,
        null as island_id
    from events
)

select
    bests.*,
    spent.samples,
    spent.programs,
    spent.seconds,
    spent.tokens,
    spent.cost_usd
from bests
inner join spent_until('bests') as spent on bests.seq = spent.seq;
