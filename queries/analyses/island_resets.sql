-- Which islands fell, who founded them anew, and how long did they take to catch up?
--
-- group: islands
-- grain: one row for each island that fell at each reset
-- reads: resets, program_evaluated, events
-- columns:
--   reset_id: the reset
--   seq: its event
--   seconds: when it was, of the time during which a writer was at work
--   island_id: the island
--   epoch: the epoch that ended
--   programs: programs that died
--   best_score: the best of them
--   rank: the island's rank; 1 is the worst
--   founder_program_id: the program that it restarted from; null where from random programs
--   founder_island_id: that one's island
--   founder_score: its score
--   founder_propensity: the probability with which it was chosen
--   level: the best score of all islands at the reset: what there was to catch up with
--   caught_up_program_id: the first program of the new epoch that scored as much; null where none did
--   programs_until: programs made for the island until then, founders' copies among them, or until its
--     epoch ended
--   seconds_until: time until then
--   next_best_score: the best score of the epoch that began
with

fallen as (
    select
        *,
        max(best_score) over (partition by reset_id) as level
    from resets
    qualify reset
),

members as (
    select
        programs.island_id,
        programs.epoch,
        programs.program_id,
        programs.seq,
        programs.status,
        programs.score,
        fallen.level,
        row_number() over (
            partition by programs.island_id, programs.epoch
            order by programs.program_id
        ) as place
    from program_evaluated as programs
    inner join fallen
        on
            programs.island_id = fallen.island_id
            and programs.epoch = fallen.epoch + 1
),

caught as (
    select
        island_id,
        epoch,
        max(case when status = 'ok' then score end) as next_best_score,
        min(case when status = 'ok' and score >= level then program_id end) as caught_up_program_id,
        min(case when status = 'ok' and score >= level then seq end) as caught_up_seq,
        coalesce(min(case when status = 'ok' and score >= level then place end), max(place)) as programs_until
    from members
    group by island_id, epoch
),

moments as ( -- noqa: ST03
    select seq from fallen
    union
    select caught_up_seq as seq from caught
    where caught_up_seq is not null
),

timed as (from seconds_at_work('moments'))

select
    fallen.reset_id,
    fallen.seq,
    timed.seconds,
    fallen.island_id,
    fallen.epoch,
    fallen.programs,
    fallen.best_score,
    fallen.rank,
    fallen.founder_program_id,
    founders.island_id as founder_island_id,
    founders.score as founder_score,
    fallen.founder_propensity,
    fallen.level,
    caught.caught_up_program_id,
    coalesce(caught.programs_until, 0) as programs_until,
    caught_timed.seconds - timed.seconds as seconds_until,
    caught.next_best_score
from fallen
left join caught
    on
        fallen.island_id = caught.island_id
        and fallen.epoch + 1 = caught.epoch
left join program_evaluated as founders on fallen.founder_program_id = founders.program_id
left join timed on fallen.seq = timed.seq
left join timed as caught_timed on caught.caught_up_seq = caught_timed.seq
order by fallen.reset_id, fallen.island_id;
