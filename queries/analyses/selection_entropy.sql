-- How much did the draws choose: among how many islands, clusters and programs, in effect?
--
-- group: selection
-- grain: one row for each of `parts` equal parts of the draws that chose parents
-- reads: prompt_drawn, program_evaluated
-- parameters:
--   parts bigint = 10: how many parts
-- columns:
--   part: 1 is the first
--   draws: draws of the part
--   first_draw_id: the first of them
--   last_draw_id: the last one
--   island_entropy: entropy of the choice of an island, in nats, estimated
--   effective_islands: e to the power of that: as many equally likely islands would leave as much to chance
--   clusters: clusters that there were to choose from on the island, on average
--   cluster_entropy: entropy of the choice of the first cluster, estimated
--   effective_clusters: e to the power of that
--   program_entropy: entropy of the choice of the first program on the island, estimated
--   effective_programs: e to the power of that
--   same_program_share: share of the draws of two parents or more that chose one program throughout
--   same_cluster_share: share of them that chose one cluster throughout
--   warning: what to say of a part in which draws had collapsed; else null
-- notes:
--   Estimated from the probability that the log holds of each choice made: minus its logarithm is, on
--   average over draws, the entropy of what was chosen from; of few draws that is rough. See draw_entropy
--   for single draws, made again in full. Draws have collapsed where at least half of 20 or more show one
--   program throughout and the effective clusters are 1.5 or fewer, though there were more to choose from.
with

first_programs as (
    select
        island_id,
        epoch,
        min(seq) as seq
    from program_evaluated
    where status = 'ok'
    group by island_id, epoch, signature_hash
),

grown as (
    select
        island_id,
        epoch,
        seq,
        row_number() over (partition by island_id, epoch order by seq) as clusters
    from first_programs
),

drawn as (
    select
        draw_id,
        as_of,
        island_id,
        epoch,
        island_propensity,
        parents,
        list_filter(parents, lambda parent: parent.slot = 0)[1] as chosen,
        ntile($parts) over (order by draw_id) as part
    from prompt_drawn
    where kind = 'parents' and len(parents) > 0
),

measured as (
    select
        drawn.part,
        drawn.draw_id,
        grown.clusters,
        -ln(drawn.island_propensity) as island_surprise,
        -ln(drawn.chosen.cluster_propensity) as cluster_surprise,
        -ln(drawn.chosen.cluster_propensity * drawn.chosen.program_propensity) as program_surprise,
        case
            when len(drawn.parents) > 1
                then list_unique(list_transform(drawn.parents, lambda parent: parent.program_id)) = 1
        end as is_same_program,
        case
            when len(drawn.parents) > 1
                then list_unique(list_transform(drawn.parents, lambda parent: parent.cluster_id)) = 1
        end as is_same_cluster
    from drawn
    asof left join grown
        on
            drawn.island_id = grown.island_id
            and drawn.epoch = grown.epoch
            and drawn.as_of >= grown.seq
),

summed as (
    select
        part,
        count(*) as draws,
        min(draw_id) as first_draw_id,
        max(draw_id) as last_draw_id,
        avg(island_surprise) as island_entropy,
        avg(clusters) as clusters,
        avg(cluster_surprise) as cluster_entropy,
        avg(program_surprise) as program_entropy,
        avg(is_same_program::integer) as same_program_share,
        avg(is_same_cluster::integer) as same_cluster_share
    from measured
    group by part
)

select
    part,
    draws,
    first_draw_id,
    last_draw_id,
    island_entropy,
    exp(island_entropy) as effective_islands,
    clusters,
    cluster_entropy,
    exp(cluster_entropy) as effective_clusters,
    program_entropy,
    exp(program_entropy) as effective_programs,
    same_program_share,
    same_cluster_share,
    case
        when draws >= 20 and same_program_share >= 0.5 and exp(cluster_entropy) <= 1.5 and clusters > 1.5
            then concat(
                'draws have collapsed: ',
                round(100 * same_program_share)::bigint,
                ' % show one program throughout, of ',
                round(clusters)::bigint,
                ' clusters ',
                round(exp(cluster_entropy), 1),
                ' were in effect chosen from'
            )
    end as warning
from summed
order by part;
