-- Islands, their epochs, and who lives on them, as of an event.

-- Grain: one row for each island; epoch is the number of resets that it went through.
create or replace macro island_epochs_as_of(n) as table
with

declared as (
    select unnest(range(islands))::integer as island_id
    from run_started_as_of(n)
),

fallen as (
    select island.island_id
    from (select unnest(islands) as island from island_reset_as_of(n))
    where island.reset
)

select
    declared.island_id,
    count(fallen.island_id)::integer as epoch
from declared
left join fallen on declared.island_id = fallen.island_id
group by declared.island_id;

-- Who lives: programs of status ok, in their island's present epoch.
-- Grain: one row for each living program; `cluster_id` is its own id, for cluster_rows.
create or replace macro living_until(n) as table
select
    programs.program_id,
    programs.seq,
    programs.island_id,
    programs.epoch,
    programs.program_id as cluster_id,
    programs.score,
    programs.scores as signature,
    programs.signature_hash,
    programs.source_hash,
    length(programs.source) as length
from program_evaluated_as_of(n) as programs
inner join island_epochs_as_of(n) as epochs
    on
        programs.island_id = epochs.island_id
        and programs.epoch = epochs.epoch
where programs.status = 'ok';

-- Grain: one row for each living program, with its cluster.
create or replace macro population_as_of(n) as table
select
    program_id,
    seq,
    island_id,
    epoch,
    min(program_id) over (partition by island_id, epoch, signature_hash) as cluster_id,
    score,
    signature,
    signature_hash,
    source_hash,
    length,
    item_key(source_hash) as noise_key
from living_until(n);

-- What a cluster is: the living programs of one island with one signature. Its id is that of its first
-- program.
-- Grain: one row for each cluster of the relation named by `population`, whose `cluster_id` may be that of
-- the cluster or of each program itself.
create or replace macro cluster_rows(population) as table
select
    min(cluster_id) as cluster_id,
    island_id,
    epoch,
    any_value(score) as score,
    any_value(signature) as signature,
    signature_hash,
    count(*) as programs,
    min(length) as shortest,
    max(length) as longest,
    max(program_id) as newest,
    item_key(signature_hash) as noise_key
from query_table(population)
group by island_id, epoch, signature_hash;

-- What an island is: its epoch and the clusters on it.
-- Grain: one row for each island of the relation named by `epochs`, empty ones too.
create or replace macro island_rows(epochs, clusters) as table
select
    epochs.island_id,
    epochs.epoch,
    coalesce(sum(clusters.programs), 0)::bigint as programs,
    count(clusters.cluster_id) as clusters,
    max(clusters.score) as best_score,
    arg_max(clusters.cluster_id, (clusters.score, -clusters.cluster_id)) as best_program_id,
    item_key(concat('island:', epochs.island_id)) as noise_key
from query_table(epochs) as epochs
left join query_table(clusters) as clusters
    on
        epochs.island_id = clusters.island_id
        and epochs.epoch = clusters.epoch
group by epochs.island_id, epochs.epoch;

-- Grain: one row for each living cluster.
create or replace macro clusters_as_of(n) as table
with living_now as (from living_until(n)) -- noqa: ST03

from cluster_rows('living_now');

-- Grain: one row for each island.
create or replace macro islands_as_of(n) as table
with

epochs_now as (from island_epochs_as_of(n)), -- noqa: ST03

clusters_now as (from clusters_as_of(n)) -- noqa: ST03

from island_rows('epochs_now', 'clusters_now');

-- Every cluster that there ever was, on whatever epoch of its island, and the event with which it began.
-- Grain: one row for each cluster of each epoch.
create or replace macro clusters_ever() as table
select
    island_id,
    epoch,
    min(seq) as seq,
    min(program_id) as cluster_id,
    any_value(score) as score
from program_evaluated_as_of(9223372036854775807)
where status = 'ok'
group by island_id, epoch, signature_hash;
