-- What the policy gives each island that has programs, relative to the best of its state.
-- Grain: one row for each (state, island) on offer. Reads: chunk_policy_islands, chunk_islands.
create or replace temp table chunk_island_logits as
select
    islands.state,
    islands.island_id,
    islands.epoch,
    islands.clusters,
    islands.noise_key,
    policy.logit - max(policy.logit) over (partition by islands.state) as logit
from chunk_policy_islands as policy
inner join chunk_islands as islands
    on
        policy.state = islands.state
        and policy.island_id = islands.island_id
where islands.programs > 0;
