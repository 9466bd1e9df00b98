-- The probability that each policy gives each logged prompt: its island, and its parents in any order.
-- Grain: one row for each (arm, draw). Reads: replay.arms (arm, parents, replacement), replay.chances.
-- A prompt sorts its parents, so that their order of drawing does not matter. With replacement: n! / (the
-- factorials of how often each program is shown) times the product. Without: Plackett and Luce's probability
-- of a set, the sum over all orders of the products of what each place gives (Plackett 1975; up to 6
-- parents).
-- Not linted: a recursion with columns, and a lambda of two parameters.
-- noqa: disable=all
create or replace table replay.prompts as
with recursive

orders(size, places) as (
    select
        0 as size,
        []::integer[] as places
    union all
    select
        orders.size + 1 as size,
        list_concat(
            orders.places[:place.place], [orders.size + 1], orders.places[place.place + 1:]
        ) as places
    from orders
    cross join range(6) as place(place)
    where place.place <= orders.size and orders.size < 6
),

shown as (
    select
        arm,
        draw_id,
        any_value(island_chance) as island_chance,
        any_value(clusters) as clusters,
        any_value(drawable) as drawable,
        count(*)::integer as size,
        count(distinct cluster_id) as different_clusters,
        list(cluster_chance order by position) as chances,
        list_product(list(program_chance order by position)) as program_chance
    from replay.chances
    group by arm, draw_id
),

repeats as (
    select
        arm,
        draw_id,
        product(factorial(times::integer)::double) as repeats
    from (
        select
            arm,
            draw_id,
            program_id,
            count(*) as times
        from replay.chances
        group by arm, draw_id, program_id
    )
    group by arm, draw_id
),

-- Summed in one order of the orders, so that equal probabilities are equal to the last bit.
ordered as (
    select
        shown.arm,
        shown.draw_id,
        list_sum(list(
            list_product(list_transform(
                orders.places,
                lambda place, i: shown.chances[place]
                / (1 - coalesce(list_sum([shown.chances[before] for before in orders.places[:i - 1]]), 0))
            ))
            order by orders.places
        )) as chance
    from shown
    inner join replay.arms on shown.arm = arms.arm
    inner join orders on shown.size = orders.size
    where not arms.replacement
    group by shown.arm, shown.draw_id
)

select
    shown.arm,
    shown.draw_id,
    shown.size,
    case
        when shown.size <> least(arms.parents, if(arms.replacement, shown.clusters, shown.drawable)) then 0.0
        when shown.island_chance * shown.program_chance = 0 or list_min(shown.chances) = 0 then 0.0
        when arms.replacement
            then
                shown.island_chance * shown.program_chance * list_product(shown.chances)
                * factorial(shown.size)::double / repeats.repeats
        when shown.different_clusters < shown.size then 0.0
        else shown.island_chance * shown.program_chance * ordered.chance
    end as chance
from shown
inner join replay.arms on shown.arm = arms.arm
inner join repeats
    on
        shown.arm = repeats.arm
        and shown.draw_id = repeats.draw_id
left join ordered
    on
        shown.arm = ordered.arm
        and shown.draw_id = ordered.draw_id;
