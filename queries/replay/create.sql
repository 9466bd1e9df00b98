-- The tables that making draws again fills (fsdb.replay.redraw), empty. `arm` is the policy's number.
-- One row for each parent that a policy draws.
create or replace table replay.drawn (
    arm integer,
    draw_id bigint,
    island_id integer,
    epoch integer,
    island_propensity double,
    temperature double,
    slot integer,
    position integer,
    cluster_id bigint,
    score double,
    cluster_propensity double,
    program_id bigint,
    program_propensity double,
    repeated boolean
);

-- One row for each parent that was logged, with its probability under a policy.
create or replace table replay.chances (
    arm integer,
    draw_id bigint,
    position integer,
    cluster_id bigint,
    program_id bigint,
    island_chance double,
    cluster_chance double,
    program_chance double,
    clusters bigint,
    drawable bigint
);
