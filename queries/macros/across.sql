-- Several runs side by side. Reads the tables that fsdb.report.across fills, run by run: runs (one row a
-- run), runs_progress (one row for each new best of each run), runs_operators (for each writer of each run).

-- Grain: one row for each run: what it had spent of an axis in all.
create or replace macro runs_spent(axis) as table
select
    run,
    problem,
    setting,
    seed,
    best_score,
    case axis
        when 'samples' then samples
        when 'programs' then programs
        when 'seconds' then seconds
        when 'tokens' then tokens
        else cost_usd
    end::double as spent
from runs;

-- Grain: one row for each new best of each run, and what had been spent until it.
create or replace macro runs_steps(axis) as table
select
    runs.run,
    runs.problem,
    runs.setting,
    runs.seed,
    runs_progress.score,
    coalesce(
        case axis
            when 'samples' then runs_progress.samples
            when 'programs' then runs_progress.programs
            when 'seconds' then runs_progress.seconds
            when 'tokens' then runs_progress.tokens
            else runs_progress.cost_usd
        end::double,
        0.0
    ) as spent
from runs_progress
inner join runs on runs_progress.run = runs.run;

-- The budget asked for, else the largest that every run spent.
create or replace macro common_budget(budget, axis) as
    coalesce(budget::double, (select min(spent) from runs_spent(axis)));

-- Grain: one row for each run that spent a budget at least, and the best score that it had by then.
create or replace macro runs_best_at(budget, axis) as table
select
    spent.run,
    spent.problem,
    spent.setting,
    spent.seed,
    max(steps.score) as best_score
from runs_spent(axis) as spent
left join runs_steps(axis) as steps
    on
        spent.run = steps.run
        and steps.spent <= budget::double
where spent.spent >= budget::double
group by spent.run, spent.problem, spent.setting, spent.seed;
