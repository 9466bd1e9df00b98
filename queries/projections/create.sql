-- The projections of a running search: tables in schema `live`, each a copy of the view of the same name.
-- reset.sql and the fold_*.sql carry them forward; dropping them loses nothing. Run with main as the search
-- path.
create schema live;

create table live.population as
from main.population;

-- As the views do it, but from the table that is there already.
create table live.clusters as
from cluster_rows('live.population');

create table live.islands as
with epochs_now as (from main.island_epochs) -- noqa: ST03

from island_rows('epochs_now', 'live.clusters');

create table live.random_draws as
from main.random_draws;

create table live.scored_sources as
from main.scored_sources;

-- The clock's part of `progress` is no event, so it stays a variable of the connection.
create table live.counts as
select * exclude (hours_since_reset)
from main.progress;

create view live.progress as
select
    *,
    coalesce(getvariable('hours_since_reset'), 0.0)::double as hours_since_reset
from live.counts;

create table live.model_draws as
from main.model_draws;

create table live.model_answers as
from main.model_answers;

create table live.model_results as
from main.model_results;

-- The models that a draw may choose among, set before each (fsdb.state.models), with what became of them.
create table live.model_candidates (model varchar, weight double);

create view live.models as
from model_rows('live.model_candidates', 'live.model_results', 'live.model_draws');

create table live.survivors (island_id integer);
