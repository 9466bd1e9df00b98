-- Whether the last writer of a log closed it in order.
--
-- Grain: one row. Reads: the log's event views (not the projections).
select
    coalesce((select max(seq) from main.run_stopped), -1)
    > greatest(
        (select max(seq) from main.run_started), coalesce((select max(seq) from main.run_resumed), -1)
    ) as closed;
