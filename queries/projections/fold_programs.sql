-- Fold the program_evaluated events of a commit into the projections. Reads them as delta_programs, whose
-- columns are those of schema/events.sql and seq (fsdb.state.projection). An island_reset that comes before
-- them is folded already, and so are the draws that they came from.
--
-- Whatever is as long as the run is first narrowed to what the new rows name, by 64 bits of the hash: it is
-- scanned once, and never made into a hash table.
create or replace temp table delta_population as
with

-- Their clusters that are there already.
known_clusters as (
    select
        island_id,
        epoch,
        signature_hash,
        cluster_id
    from live.clusters
    where noise_key in (select item_key(delta_programs.signature_hash) from delta_programs)
)

select
    delta.program_id,
    delta.seq,
    delta.island_id,
    delta.epoch,
    coalesce(
        known_clusters.cluster_id,
        min(delta.program_id) over (partition by delta.island_id, delta.epoch, delta.signature_hash)
    ) as cluster_id,
    delta.score,
    delta.scores as signature,
    delta.signature_hash,
    delta.source_hash,
    length(delta.source) as length,
    item_key(delta.source_hash) as noise_key
from delta_programs as delta
left join known_clusters
    on
        delta.island_id = known_clusters.island_id
        and delta.epoch = known_clusters.epoch
        and delta.signature_hash = known_clusters.signature_hash
where delta.status = 'ok';

create or replace temp table delta_clusters as
from cluster_rows('delta_population');

insert into live.population by name
from delta_population;

create or replace temp table delta_known as
select cluster_id
from live.clusters
where cluster_id in (select delta_clusters.cluster_id from delta_clusters);

create or replace temp table delta_islands as
select
    delta.island_id,
    sum(delta.programs)::bigint as programs,
    count(*) filter (where delta_known.cluster_id is null) as clusters,
    max(delta.score) as best_score,
    arg_max(delta.cluster_id, (delta.score, -delta.cluster_id)) as best_program_id
from delta_clusters as delta
left join delta_known on delta.cluster_id = delta_known.cluster_id
group by delta.island_id;

update live.clusters
set
    programs = clusters.programs + delta.programs,
    shortest = least(clusters.shortest, delta.shortest),
    longest = greatest(clusters.longest, delta.longest),
    newest = greatest(clusters.newest, delta.newest)
from delta_clusters as delta
where clusters.cluster_id = delta.cluster_id;

insert into live.clusters by name
from delta_clusters
where cluster_id not in (select delta_known.cluster_id from delta_known);

update live.islands
set
    programs = islands.programs + delta.programs,
    clusters = islands.clusters + delta.clusters,
    best_score = greatest(islands.best_score, delta.best_score),
    best_program_id = if(
        islands.best_score >= delta.best_score, islands.best_program_id, delta.best_program_id
    )
from delta_islands as delta
where islands.island_id = delta.island_id;

insert into live.scored_sources by name
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
from delta_programs
where
    source_hash is not null
    and reused_from is null
    and status <> 'sandbox_error'
    and source_hash not in (
        select scored_sources.source_hash
        from live.scored_sources
        where scored_sources.source_key in (select item_key(delta.source_hash) from delta_programs as delta)
    )
qualify row_number() over (partition by source_hash order by program_id) = 1;

update live.random_draws
set evaluated = random_draws.evaluated + delta.evaluated
from (
    select
        draw_id,
        count(*) as evaluated
    from delta_programs
    group by draw_id
) as delta
where random_draws.draw_id = delta.draw_id;

update live.counts
set
    programs = counts.programs + judged.programs,
    valid = counts.valid + judged.valid,
    programs_since_reset = counts.programs_since_reset + judged.programs,
    best_score = greatest(counts.best_score, judged.best_score),
    best_program_id = if(
        judged.best_score is null or counts.best_score >= judged.best_score,
        counts.best_program_id,
        judged.best_program_id
    )
from (
    select
        count(draw_id) as programs,
        count(draw_id) filter (where score is not null) as valid,
        max(score) as best_score,
        arg_max(program_id, (score, -program_id)) filter (where score is not null) as best_program_id
    from delta_programs
) as judged;
