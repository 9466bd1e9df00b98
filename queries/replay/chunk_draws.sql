-- The draws made as of the chunk's states.
-- Grain: one row for each draw. Parameters: $seed. Reads: chunk_states, replay.draws.
create or replace temp table chunk_draws as
select
    draws.draw_id,
    draws.state,
    draws.island_id,
    $seed as seed
from replay.draws
inner join chunk_states as states on draws.state = states.state
where draws.kind = 'parents';
