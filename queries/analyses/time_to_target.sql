-- How much does it take to reach a score, over many runs?
--
-- group: across
-- grain: one row for each setting and each moment at which one of its runs reached the score
-- reads: runs, runs_progress
-- parameters:
--   threshold double = null: the score to be reached; left out: the best of all runs of the problem
--   axis varchar = 'samples' | 'programs' | 'seconds' | 'tokens' | 'cost_usd': what is spent
-- columns:
--   problem: the problem
--   setting: what the runs have in common
--   threshold: the score to be reached
--   spent: how much was spent at that moment
--   reached: runs that had reached it by then
--   runs: all runs of the setting
--   share: reached over runs: the empirical distribution, in which a run that ended without it never does
--   at_risk: runs that had neither reached it nor ended before that moment
--   kaplan_meier: the distribution in which such a run might yet have (Kaplan and Meier)
with

ends as (
    select
        run,
        problem,
        setting,
        spent,
        max(best_score) over (partition by problem) as problem_best
    from runs_spent($axis)
),

aimed as (
    select
        run,
        problem,
        setting,
        spent,
        coalesce($threshold::double, problem_best) as aim
    from ends
),

outcomes as (
    select
        aimed.run,
        aimed.problem,
        aimed.setting,
        any_value(aimed.aim) as aim,
        coalesce(min(steps.spent), any_value(aimed.spent)) as spent,
        count(steps.spent) > 0 as reached
    from aimed
    left join runs_steps($axis) as steps
        on
            aimed.run = steps.run
            and aimed.aim <= steps.score
    group by aimed.run, aimed.problem, aimed.setting
),

moments as (
    select
        problem,
        setting,
        spent,
        any_value(aim) as aim,
        count(*) filter (where reached) as reached,
        count(*) as ended
    from outcomes
    group by problem, setting, spent
),

followed as (
    select
        *,
        sum(reached) over upto as reached_upto,
        sum(ended) over (partition by problem, setting) as runs,
        sum(ended) over (partition by problem, setting) - sum(ended) over upto + ended as at_risk
    from moments
    window upto as (
        partition by problem, setting
        order by spent
    )
),

survived as (
    select
        *,
        product(1 - reached / at_risk) over (
            partition by problem, setting
            order by spent
        ) as surviving
    from followed
)

select
    problem,
    setting,
    aim as threshold,
    spent,
    reached_upto::bigint as reached,
    runs::bigint as runs,
    reached_upto / runs as share,
    at_risk::bigint as at_risk,
    1 - surviving as kaplan_meier
from survived
where reached > 0
order by problem, setting, spent;
