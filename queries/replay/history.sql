-- The history of a run as tables in schema `replay`: what lived from which event until which, and what was
-- drawn.
-- A row is alive as of event n where from_seq <= n < until_seq. Read once; nothing later reads the log's
-- files.
-- Each table's rows are what the macro <name>_as_of(n) of queries/macros/islands.sql gives for each n.
drop schema if exists replay cascade;

create schema replay;

-- One row for each epoch of an island.
create table replay.epochs as
with

fallen as (
    select
        seq,
        island.island_id
    from (
        select
            seq,
            unnest(islands) as island
        from island_reset
    )
    where island.reset
),

begun as (
    select
        unnest(range(islands))::integer as island_id,
        seq as from_seq
    from run_started
    union all
    select
        island_id,
        seq as from_seq
    from fallen
)

select
    island_id,
    (row_number() over (partition by island_id order by from_seq) - 1)::integer as epoch,
    from_seq,
    coalesce(
        lead(from_seq) over (partition by island_id order by from_seq), 9223372036854775807
    ) as until_seq
from begun;

-- One row for each program that ever lived on an island; from_seq is its seq.
create table replay.population as
select
    programs.program_id,
    programs.seq,
    programs.island_id,
    programs.epoch,
    min(programs.program_id)
        over (partition by programs.island_id, programs.epoch, programs.signature_hash) as cluster_id,
    programs.score,
    programs.scores as signature,
    programs.signature_hash,
    programs.source_hash,
    programs.length,
    item_key(programs.source_hash) as noise_key,
    programs.seq as from_seq,
    epochs.until_seq
from program_evaluated as programs
inner join replay.epochs
    on
        programs.island_id = epochs.island_id
        and programs.epoch = epochs.epoch
where programs.status = 'ok'
order by programs.seq;

-- One row for each program that joined a cluster: the cluster as it was from then on.
create table replay.clusters as
select
    cluster_id,
    island_id,
    epoch,
    first_value(score) over arrivals as score,
    first_value(signature) over arrivals as signature,
    signature_hash,
    count(*) over arrivals as programs,
    min(length) over arrivals as shortest,
    max(length) over arrivals as longest,
    max(program_id) over arrivals as newest,
    item_key(signature_hash) as noise_key,
    from_seq,
    least(
        coalesce(lead(from_seq) over (partition by cluster_id order by from_seq), until_seq), until_seq
    ) as until_seq
from replay.population
window arrivals as (partition by cluster_id order by from_seq)
order by from_seq;

-- One row for each epoch of an island, and for each program that joined it: the island as it was from then
-- on.
create table replay.islands as
with

changes as (
    select
        island_id,
        epoch,
        from_seq,
        until_seq,
        null as cluster_id,
        null as score,
        0 as programs,
        0 as clusters
    from replay.epochs
    union all
    select
        island_id,
        epoch,
        from_seq,
        until_seq,
        cluster_id,
        score,
        1 as programs,
        (program_id = cluster_id)::integer as clusters
    from replay.population
),

-- A cluster that is better than all before it; of equal ones the first is the best, so it stays so.
compared as (
    select
        *,
        max(score) over (
            partition by island_id, epoch
            order by from_seq
            rows between unbounded preceding and 1 preceding
        ) as best_before
    from changes
)

select
    island_id,
    epoch,
    (sum(programs) over arrivals)::bigint as programs,
    (sum(clusters) over arrivals)::bigint as clusters,
    max(score) over arrivals as best_score,
    max(if(best_before is null or score > best_before, cluster_id, null)) over arrivals as best_program_id,
    item_key(concat('island:', island_id)) as noise_key,
    from_seq,
    least(
        coalesce(lead(from_seq) over (partition by island_id, epoch order by from_seq), until_seq), until_seq
    ) as until_seq
from compared
window arrivals as (partition by island_id, epoch order by from_seq)
order by from_seq;

-- One row for each draw. `state` is where the log ended when it was made: before the first draw of its batch.
create table replay.draws as
select
    draw_id,
    seq,
    min(seq) over (partition by batch_id) - 1 as state,
    as_of,
    kind,
    policy,
    policy_params,
    seed,
    noise_scheme,
    island_id,
    epoch,
    island_propensity,
    temperature,
    parents,
    completions
from prompt_drawn
order by draw_id;

-- One row for each parent that was shown.
create table replay.parents as
select
    draws.draw_id,
    draws.state,
    draws.island_id,
    parent.position,
    parent.slot,
    parent.program_id,
    parent.cluster_id,
    parent.cluster_propensity,
    parent.program_propensity
from (
    select
        draw_id,
        state,
        island_id,
        unnest(parents) as parent
    from replay.draws
    where kind = 'parents'
) as draws
order by draws.draw_id;

-- One row for each state in which something was drawn, with how many clusters and programs there then were.
create table replay.states as
with

asked as (
    select distinct state
    from replay.draws
),

changes as (
    select
        from_seq as seq,
        (program_id = cluster_id)::integer as clusters,
        1 as programs
    from replay.population
    union all
    select
        until_seq as seq,
        -(program_id = cluster_id)::integer as clusters,
        -1 as programs
    from replay.population
),

sizes as (
    select
        seq,
        sum(sum(clusters)) over (order by seq) as clusters,
        sum(sum(programs)) over (order by seq) as programs
    from changes
    group by seq
)

select
    asked.state,
    coalesce(sizes.clusters, 0)::bigint as clusters,
    coalesce(sizes.programs, 0)::bigint as programs
from asked
asof left join sizes on asked.state >= sizes.seq
order by asked.state;

-- One row for each event that a count depends on: the counts from it on, as progress_as_of(n) gives them.
create table replay.progress as
with

changes as (
    select
        seq,
        1 as draws,
        completions as asked,
        0 as samples,
        null::bigint as tokens_in,
        null::bigint as tokens_out,
        null::decimal(18, 9) as cost_usd,
        0 as programs,
        0 as valid,
        null::double as score,
        null::bigint as program_id,
        0 as resets
    from prompt_drawn
    union all
    select
        seq,
        0 as draws,
        0 as asked,
        1 as samples,
        tokens_in,
        tokens_out,
        cost_usd::decimal(18, 9) as cost_usd,
        0 as programs,
        0 as valid,
        null as score,
        null as program_id,
        0 as resets
    from completion_received
    union all
    select
        seq,
        0 as draws,
        0 as asked,
        0 as samples,
        null as tokens_in,
        null as tokens_out,
        null as cost_usd,
        (draw_id is not null)::integer as programs,
        (draw_id is not null and score is not null)::integer as valid,
        score,
        program_id,
        0 as resets
    from program_evaluated
    union all
    select
        seq,
        0 as draws,
        0 as asked,
        0 as samples,
        null as tokens_in,
        null as tokens_out,
        null as cost_usd,
        0 as programs,
        0 as valid,
        null as score,
        null as program_id,
        1 as resets
    from island_reset
    union all
    select
        seq,
        0 as draws,
        0 as asked,
        0 as samples,
        null as tokens_in,
        null as tokens_out,
        null as cost_usd,
        0 as programs,
        0 as valid,
        null as score,
        null as program_id,
        0 as resets
    from run_started
),

compared as (
    select
        *,
        max(score) over (order by seq rows between unbounded preceding and 1 preceding) as best_before,
        sum(resets) over (order by seq rows unbounded preceding) as stretch
    from changes
)

select
    (sum(draws) over so_far)::bigint as draws,
    (sum(asked) over so_far)::bigint as asked,
    (sum(samples) over so_far)::bigint as samples,
    (sum(tokens_in) over so_far)::bigint as tokens_in,
    (sum(tokens_out) over so_far)::bigint as tokens_out,
    sum(cost_usd) over so_far as cost_usd,
    (sum(programs) over so_far)::bigint as programs,
    (sum(valid) over so_far)::bigint as valid,
    max(score) over so_far as best_score,
    max(if(best_before is null or score > best_before, program_id, null)) over so_far as best_program_id,
    stretch::bigint as resets,
    (sum(programs) over (partition by stretch order by seq rows unbounded preceding))::bigint
        as programs_since_reset,
    0.0::double as hours_since_reset,
    seq
from compared
window so_far as (order by seq rows unbounded preceding)
order by seq;

-- The relations that policies read, of no state yet (fsdb.replay.history, stand_at.sql).
create or replace table population as
select * exclude (from_seq, until_seq)
from replay.population
where false;

create or replace table clusters as
select * exclude (from_seq, until_seq)
from replay.clusters
where false;

create or replace table islands as
select * exclude (from_seq, until_seq)
from replay.islands
where false;

create or replace table counts as
select * exclude (seq, hours_since_reset)
from replay.progress
where false;

create or replace view progress as
select
    *,
    coalesce(getvariable('hours_since_reset'), 0.0)::double as hours_since_reset
from counts;

create or replace table survivors (island_id integer);
