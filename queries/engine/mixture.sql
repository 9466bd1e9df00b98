-- The probabilities of choices that were made, under all components of an exploring policy together.
--
-- Grain: one row for each draw. `propensities` stand in the order of choice: the island, then for each slot
--   the cluster and its program, each given the choices before it; their product is the draw's probability.
-- Reads: population, clusters, islands; component_islands, component_clusters, component_programs (the
--   components' queries, fsdb.state.policies).
-- Parameters: $choices, the parents drawn, as structs of draw_id, island_id, slot, cluster_id and program_id;
--   $components and $shares; $parents and $replacement as in draw.sql.
-- Without replacement the clusters before are gone, and a component that has no further one to offer ends a
-- prompt there: the probability of the last cluster holds that none followed.
with

choices as (
    select
        unnest(
            $choices::struct(
                draw_id bigint, island_id integer, slot integer, cluster_id bigint, program_id bigint
            )[],
            max_depth := 2
        )
),

components as (
    select
        unnest($components::varchar[]) as component,
        unnest($shares::double[]) as share
),

-- What was left to draw from, once for all choices that had the same before them.
menus as (
    select
        *,
        if(
            $replacement, [], list(cluster_id) over (
                partition by draw_id
                order by slot
                rows between unbounded preceding and 1 preceding
            )
        ) as gone,
        slot = max(slot) over (partition by draw_id) as is_last
    from choices
),

distinct_menus as (
    select distinct
        island_id,
        coalesce(gone, []) as gone
    from menus
),

island_logits as (
    select
        policy.component,
        policy.island_id,
        policy.logit - max(policy.logit) over (partition by policy.component) as logit
    from component_islands as policy
    inner join islands on policy.island_id = islands.island_id
    where islands.programs > 0
),

island_masses as (
    select
        component,
        softmax_mass(logit) as mass
    from island_logits
    group by component
),

cluster_logits as (
    select
        menus.gone,
        clusters.island_id,
        policy.component,
        policy.cluster_id,
        policy.logit - max(policy.logit) over (
            partition by menus.gone, clusters.island_id, policy.component
        ) as logit
    from distinct_menus as menus
    inner join clusters on menus.island_id = clusters.island_id
    inner join component_clusters as policy on clusters.cluster_id = policy.cluster_id
    where
        policy.logit > '-infinity'::double
        and not list_contains(menus.gone, policy.cluster_id)
),

cluster_masses as (
    select
        gone,
        island_id,
        component,
        softmax_mass(logit) as mass,
        count(*) as offered
    from cluster_logits
    group by gone, island_id, component
),

program_logits as (
    select
        policy.component,
        population.cluster_id,
        policy.program_id,
        policy.logit - max(policy.logit) over (
            partition by policy.component, population.cluster_id
        ) as logit
    from component_programs as policy
    inner join population on policy.program_id = population.program_id
    where population.cluster_id in (select choices.cluster_id from choices)
),

program_masses as (
    select
        component,
        cluster_id,
        softmax_mass(logit) as mass
    from program_logits
    group by component, cluster_id
),

log_chances as (
    select
        choices.draw_id,
        components.component,
        0 as place,
        any_value(logits.logit - ln(masses.mass)) as log_chance
    from choices
    cross join components
    left join island_logits as logits
        on choices.island_id = logits.island_id and components.component = logits.component
    left join island_masses as masses on components.component = masses.component
    group by choices.draw_id, components.component
    union all
    select
        menus.draw_id,
        components.component,
        2 * menus.slot + 1 as place,
        if(
            $replacement or not menus.is_last or menus.slot + 1 = $parents or masses.offered = 1,
            logits.logit - ln(masses.mass),
            null
        ) as log_chance
    from menus
    cross join components
    left join cluster_logits as logits
        on
            coalesce(menus.gone, []) = logits.gone
            and menus.cluster_id = logits.cluster_id
            and components.component = logits.component
    left join cluster_masses as masses
        on
            logits.gone = masses.gone
            and logits.island_id = masses.island_id
            and logits.component = masses.component
    union all
    select
        choices.draw_id,
        components.component,
        2 * choices.slot + 2 as place,
        logits.logit - ln(masses.mass) as log_chance
    from choices
    cross join components
    left join program_logits as logits
        on choices.program_id = logits.program_id and components.component = logits.component
    left join program_masses as masses
        on logits.cluster_id = masses.cluster_id and logits.component = masses.component
),

by_component as (
    select
        draw_id,
        component,
        list(coalesce(log_chance, '-infinity'::double) order by place) as log_chances
    from log_chances
    group by draw_id, component
)

select
    by_component.draw_id,
    mixture_propensities(
        list(components.share order by components.component),
        list(by_component.log_chances order by components.component)
    ) as propensities
from by_component
inner join components on by_component.component = components.component
group by by_component.draw_id
order by by_component.draw_id;
