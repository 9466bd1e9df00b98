-- What a run said when it stopped is what its log says.
--
-- Grain: one row for each run_stopped that counts otherwise. After an error nothing is said of open draws.
-- Reads: run_stopped, prompt_drawn, completion_received, program_evaluated.
with

landed as (
    select
        drawn.draw_id,
        drawn.seq,
        if(count(programs.seq) >= drawn.completions, max(programs.seq), null) as landed_seq
    from prompt_drawn as drawn
    left join program_evaluated as programs on drawn.draw_id = programs.draw_id
    group by drawn.draw_id, drawn.seq, drawn.completions
),

received as (
    select
        stopped.seq,
        count(completions.seq) as samples
    from run_stopped as stopped
    left join completion_received as completions on stopped.seq > completions.seq
    group by stopped.seq
),

judged as (
    select
        stopped.seq,
        count(programs.draw_id) as programs,
        max(programs.score) as best_score
    from run_stopped as stopped
    left join program_evaluated as programs on stopped.seq > programs.seq
    group by stopped.seq
),

opened as (
    select
        stopped.seq,
        count(landed.seq) as open_draws
    from run_stopped as stopped
    left join landed
        on
            stopped.seq > landed.seq
            and coalesce(stopped.seq < landed.landed_seq, true)
    group by stopped.seq
)

select
    stopped.seq,
    stopped.reason,
    stopped.samples,
    received.samples as samples_logged,
    stopped.programs,
    judged.programs as programs_logged,
    stopped.best_score,
    judged.best_score as best_score_logged,
    stopped.open_draws,
    opened.open_draws as open_draws_logged
from run_stopped as stopped
inner join received on stopped.seq = received.seq
inner join judged on stopped.seq = judged.seq
inner join opened on stopped.seq = opened.seq
where
    stopped.samples <> received.samples
    or stopped.programs <> judged.programs
    or stopped.best_score is distinct from judged.best_score
    or (stopped.reason <> 'error' and stopped.open_draws <> opened.open_draws)
order by stopped.seq;
