-- The line of the best program, draw by draw: how likely each prompt on it was, logged and under each policy.
-- Grain: one row for each arm and program on the line that was drawn for, the oldest first.
-- Reads: best_path_of, program_or_best, program_evaluated, replay.weights, replay.drawn, replay.parents.
-- `same`: whether the policy would have drawn that very prompt with the run's noise.
with

line as (
    select
        program_id,
        step
    from best_path_of(program_or_best(null))
),

shown as (
    select
        draw_id,
        list(program_id order by program_id) as programs
    from replay.parents
    group by draw_id
),

drawn as (
    select
        arm,
        draw_id,
        list(program_id order by program_id) as programs
    from replay.drawn
    group by arm, draw_id
)

select
    weights.arm,
    line.step,
    line.program_id,
    programs.score,
    programs.draw_id,
    weights.logged_chance,
    weights.chance,
    drawn.programs = shown.programs as same
from line
inner join program_evaluated as programs on line.program_id = programs.program_id
inner join replay.weights on programs.draw_id = weights.draw_id
inner join shown on programs.draw_id = shown.draw_id
inner join drawn
    on
        weights.arm = drawn.arm
        and weights.draw_id = drawn.draw_id
order by weights.arm, line.step;
