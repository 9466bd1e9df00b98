-- Which draws another policy would have made otherwise, and what their prompts would have shown.
-- Grain: one row for each arm and stretch of the run, of equally many draws. Parameters: $stretches.
-- Reads: replay.draws, replay.parents, replay.drawn, program_evaluated.
-- `island`, `clusters`, `programs`: shares of draws in which these differ from the logged ones (a draw on
-- another island has other clusters and programs too). The rest are means over prompts, of P (own) and as
-- logged: the best and the worst parent's score, how many programs were evaluated since a parent was, and
-- the share of prompts that show a program twice; `effective` programs shown are exp(entropy) of the parents.
with

stretches as (
    select
        draw_id,
        state,
        island_id,
        ntile($stretches) over (order by draw_id) as stretch
    from replay.draws
    where kind = 'parents'
),

programs as (
    select
        program_id,
        score
    from program_evaluated
),

newest as (
    select
        seq,
        max(program_id) over (order by seq) as program_id
    from program_evaluated
),

shown as (
    select
        drawn.arm,
        drawn.draw_id,
        drawn.island_id,
        drawn.cluster_id,
        drawn.program_id
    from replay.drawn
    union all
    select
        -1 as arm,
        parents.draw_id,
        parents.island_id,
        parents.cluster_id,
        parents.program_id
    from replay.parents
),

prompts as (
    select
        shown.arm,
        shown.draw_id,
        any_value(shown.island_id) as island_id,
        list(shown.cluster_id order by shown.cluster_id) as clusters,
        list(shown.program_id order by shown.program_id) as programs,
        max(programs.score) as best,
        min(programs.score) as worst,
        avg(shown.program_id) as born,
        count(distinct shown.program_id) < count(*) as repeated
    from shown
    inner join programs on shown.program_id = programs.program_id
    group by shown.arm, shown.draw_id
),

staged as (
    select
        stretches.draw_id,
        stretches.stretch,
        newest.program_id as newest
    from stretches
    asof inner join newest on stretches.state >= newest.seq
),

counts as (
    select
        shown.arm,
        staged.stretch,
        shown.program_id,
        count(*) as times
    from shown
    inner join staged on shown.draw_id = staged.draw_id
    group by shown.arm, staged.stretch, shown.program_id
),

variety as (
    select
        arm,
        stretch,
        exp(ln(sum(times)) - sum(times * ln(times)) / sum(times)) as effective
    from counts
    group by arm, stretch
)

select
    own.arm,
    staged.stretch,
    min(staged.draw_id) as first_draw,
    max(staged.draw_id) as last_draw,
    count(*) as draws,
    avg((own.island_id <> logged.island_id)::integer) as island,
    avg((own.clusters <> logged.clusters)::integer) as clusters,
    avg((own.programs <> logged.programs)::integer) as programs,
    avg(own.best) as best,
    avg(logged.best) as logged_best,
    avg(own.worst) as worst,
    avg(logged.worst) as logged_worst,
    avg(staged.newest - own.born) as age,
    avg(staged.newest - logged.born) as logged_age,
    avg(own.repeated::integer) as repeated,
    avg(logged.repeated::integer) as logged_repeated,
    any_value(variety.effective) as effective,
    any_value(logged_variety.effective) as logged_effective
from prompts as own
inner join prompts as logged
    on
        own.draw_id = logged.draw_id
        and logged.arm = -1
inner join staged on own.draw_id = staged.draw_id
inner join variety
    on
        own.arm = variety.arm
        and staged.stretch = variety.stretch
inner join variety as logged_variety
    on
        logged_variety.arm = -1
        and staged.stretch = logged_variety.stretch
where own.arm >= 0
group by own.arm, staged.stretch
order by own.arm, staged.stretch;
