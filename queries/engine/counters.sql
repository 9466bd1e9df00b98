-- The next number of everything that a run counts.
--
-- Grain: one row. Reads: the log's event views (not the projections).
select
    coalesce((select max(draw_id) + 1 from main.prompt_drawn), 0) as draw_id,
    coalesce((select max(batch_id) + 1 from main.prompt_drawn), 0) as batch_id,
    coalesce((select max(completion_id) + 1 from main.completion_received), 0) as completion_id,
    coalesce((select max(program_id) + 1 from main.program_evaluated), 0) as program_id,
    coalesce((select max(reset_id) + 1 from main.island_reset), 0) as reset_id;
