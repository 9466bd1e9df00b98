-- Fold the program_evaluated events of a commit into what model policies go by. Reads them as delta_programs,
-- whose columns are those of schema/events.sql and seq (fsdb.state.projection).
update live.model_results
set
    programs = model_results.programs + judged.programs,
    improvements = model_results.improvements + judged.improvements
from (
    select
        answers.model,
        count(*) as programs,
        count(*) filter (where programs.score > answers.parent_score) as improvements
    from delta_programs as programs
    inner join live.model_answers as answers on programs.completion_id = answers.completion_id
    group by answers.model
) as judged
where model_results.model = judged.model;

delete from live.model_answers
where completion_id in (select programs.completion_id from delta_programs as programs);
