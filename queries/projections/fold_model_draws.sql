-- Fold the prompt_drawn events of a commit into what model policies go by. Reads them as delta_draws, whose
-- columns are those of schema/events.sql and seq (fsdb.state.projection). Parents live when they are drawn,
-- so that their clusters are there.
insert into live.model_draws by name
select
    drawn.draw_id,
    any_value(drawn.model) as model,
    max(clusters.score) as parent_score,
    any_value(drawn.completions)::bigint as under_way
from (
    select
        draw_id,
        model,
        completions,
        unnest(list_transform(parents, lambda parent: parent.cluster_id)) as cluster_id
    from delta_draws
    where model is not null
) as drawn
inner join live.clusters as clusters on drawn.cluster_id = clusters.cluster_id
group by drawn.draw_id;
