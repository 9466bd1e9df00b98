-- The state now: each macro of queries/macros taken as of the end of the log, and so defined once.

create or replace view programs as
from programs_as_of(9223372036854775807);

create or replace view population as
from population_as_of(9223372036854775807);

create or replace view clusters as
from clusters_as_of(9223372036854775807);

create or replace view islands as
from islands_as_of(9223372036854775807);

create or replace view island_epochs as
from island_epochs_as_of(9223372036854775807);

create or replace view progress as
from progress_as_of(9223372036854775807);

create or replace view random_draws as
from random_draws_as_of(9223372036854775807);

create or replace view open_draws as
from open_draws_as_of(9223372036854775807);

create or replace view scored_sources as
from scored_sources_as_of(9223372036854775807);

create or replace view recent_failures as
from recent_failures_as_of(9223372036854775807);

create or replace view best_so_far as
from best_so_far_as_of(9223372036854775807);

create or replace view edges as
from edges_as_of(9223372036854775807);

create or replace view draws as
from draws_as_of(9223372036854775807);

create or replace view resets as
from resets_as_of(9223372036854775807);

create or replace view model_draws as
from model_draws_as_of(9223372036854775807);

create or replace view model_answers as
from model_answers_as_of(9223372036854775807);

create or replace view model_results as
from model_results_as_of(9223372036854775807);
