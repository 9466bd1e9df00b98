-- The events of a run: the one definition of what the log holds.
--
-- `envelope` is what every event carries. Each further table is one event type: its columns are the
-- fields of the nullable struct column of the same name in the Parquet files. The Arrow schema that the
-- writer uses and the reference page of the log are derived from this file (see fsdb.schema).
-- Lists and structs are never null inside an event; a column is null where its comment says so.
-- Times are UTC with microseconds; durations are seconds; JSON columns hold compact text.

create table envelope (
    run_id varchar,
    seq bigint,
    type varchar,
    recorded_at timestamp,
    schema_version integer
);
comment on table envelope is 'What every event carries.';
comment on column envelope.run_id is 'The run that the event belongs to: a random identifier made when the run starts.';
comment on column envelope.seq is 'Position in the run: 0, 1, 2, … without a gap. The total order of everything that happened.';
comment on column envelope.type is 'Which event this is: the name of the one struct column that is not null.';
comment on column envelope.recorded_at is 'When the event was handed to the log, UTC. For people; no state depends on it.';
comment on column envelope.schema_version is 'Version of this definition that the writer kept (now 2).';

create table run_started (
    name varchar,
    fsdb_version varchar,
    python_version varchar,
    duckdb_version varchar,
    platform varchar,
    seed bigint,
    noise_scheme varchar,
    problem varchar,
    specification varchar,
    specification_hash varchar,
    input_names varchar[],
    inputs varchar,
    reduce varchar,
    baselines varchar,
    held_out varchar,
    data varchar,
    isolate_inputs boolean,
    convention varchar,
    evaluator varchar,
    score_name varchar,
    islands integer,
    completions_per_prompt integer,
    random_programs integer,
    policy varchar,
    policy_sql varchar,
    policy_params varchar,
    explore double,
    reset_policy varchar,
    reset_policy_sql varchar,
    reset_policy_params varchar,
    sampler varchar,
    model varchar,
    sampler_params varchar,
    in_order boolean,
    batch_draws integer,
    window_draws integer,
    timeout_seconds double,
    memory_bytes bigint,
    scoring varchar,
    check_bests boolean,
    stops varchar,
    parent_run_id varchar,
    parent_seq bigint,
    model_policy varchar,
    model_policy_sql varchar,
    model_policy_params varchar
);
comment on table run_started is 'A run began. Always seq 0; holds all that is needed to resume or replay without any other file.';
comment on column run_started.name is 'The run''s name: its directory when it was made.';
comment on column run_started.fsdb_version is 'Version of fsdb that wrote the event.';
comment on column run_started.python_version is 'Version of Python that wrote the event.';
comment on column run_started.duckdb_version is 'Version of DuckDB that wrote the event.';
comment on column run_started.platform is 'Operating system and machine type.';
comment on column run_started.seed is 'Seed of every draw of the run.';
comment on column run_started.noise_scheme is 'Name and version of the counter-based noise (PROTOCOL.md, "Chance").';
comment on column run_started.problem is 'Name of the problem.';
comment on column run_started.specification is 'The specification file, byte for byte.';
comment on column run_started.specification_hash is 'SHA-256 of the specification''s UTF-8 bytes, hex.';
comment on column run_started.input_names is 'Name of each test input, in input order.';
comment on column run_started.inputs is 'The test inputs, a JSON array in input order.';
comment on column run_started.reduce is 'How scores become one score: mean, last, min or sum.';
comment on column run_started.baselines is 'Known programs and figures to compare with, a JSON object by name.';
comment on column run_started.held_out is 'Input sets that the search never sees, a JSON object: set name to object of input name to input.';
comment on column run_started.data is 'Files that the specification reads, a JSON object: name to an object of path and sha256 (hex). Their contents are not in the log.';
comment on column run_started.isolate_inputs is 'Whether each input of a program is scored in a process of its own, with the whole time limit.';
comment on column run_started.convention is 'Whose convention the problem follows: funsearch, openevolve or shinka; null in logs from before there were others.';
comment on column run_started.evaluator is 'The evaluator''s file where it is not the specification: a JSON object of path, sha256 (hex), program_name, thresholds of its stages, timeout_seconds and task; else null.';
comment on column run_started.score_name is 'Which figure drives selection: combined_score or the mean of the numeric metrics; null where it is the reduced scores.';
comment on column run_started.islands is 'How many islands there are; their ids are 0 to islands - 1.';
comment on column run_started.completions_per_prompt is 'How many completions are asked for with each prompt.';
comment on column run_started.random_programs is 'How many fresh random programs an island that starts empty of parents is given.';
comment on column run_started.policy is 'Name of the selection policy.';
comment on column run_started.policy_sql is 'The selection policy''s file, whole.';
comment on column run_started.policy_params is 'The selection policy''s parameters in force, a JSON object.';
comment on column run_started.explore is 'Share of the draws that the components of exploration make instead of the selection policy; null where there are none.';
comment on column run_started.reset_policy is 'Name of the reset policy.';
comment on column run_started.reset_policy_sql is 'The reset policy''s file, whole.';
comment on column run_started.reset_policy_params is 'The reset policy''s parameters in force, a JSON object.';
comment on column run_started.sampler is 'What answers prompts: mutation or openai.';
comment on column run_started.model is 'The model asked, null where the sampler has none; several are separated by commas.';
comment on column run_started.sampler_params is 'The sampler''s parameters, a JSON object. Never a key.';
comment on column run_started.in_order is 'Whether results are folded in the order of their draws.';
comment on column run_started.batch_draws is 'How many prompts are drawn by one query at most.';
comment on column run_started.window_draws is 'How many draws may be unanswered at a time; in order, draw i sees the results of all up to i - window.';
comment on column run_started.timeout_seconds is 'Wall-clock limit of one evaluation.';
comment on column run_started.memory_bytes is 'Memory limit of one evaluation.';
comment on column run_started.scoring is 'How programs are scored: in-process, call-by-call or artefact (docs/sandbox.md, "Forged scores"); script where the evaluator is a whole program.';
comment on column run_started.check_bests is 'Whether every new best that was scored in-process is scored again call by call before it counts.';
comment on column run_started.stops is 'What ends the run, a JSON object: samples, minutes, target, budget_tokens, budget_usd; null where it does not.';
comment on column run_started.parent_run_id is 'The run that this one was forked from, null where it was not.';
comment on column run_started.parent_seq is 'The last event shared with the parent run, null where there is none.';
comment on column run_started.model_policy is 'Name of the policy that chooses among models, null where the sampler has none.';
comment on column run_started.model_policy_sql is 'Its file, whole; null likewise.';
comment on column run_started.model_policy_params is 'Its parameters in force, a JSON object; null likewise.';

create table run_resumed (
    fsdb_version varchar,
    python_version varchar,
    duckdb_version varchar,
    platform varchar,
    open_draws bigint,
    stops varchar,
    sampler_params varchar
);
comment on table run_resumed is 'A writer opened the log again and goes on.';
comment on column run_resumed.fsdb_version is 'Version of fsdb that goes on.';
comment on column run_resumed.python_version is 'Version of Python that goes on.';
comment on column run_resumed.duckdb_version is 'Version of DuckDB that goes on.';
comment on column run_resumed.platform is 'Operating system and machine type.';
comment on column run_resumed.open_draws is 'How many draws were still unanswered or unevaluated, and are taken up again.';
comment on column run_resumed.stops is 'What ends the run from here on, as in run_started.';
comment on column run_resumed.sampler_params is 'The sampler''s parameters from here on, a JSON object. Never a key.';

create table run_forked (
    parent_run_id varchar,
    parent_name varchar,
    parent_seq bigint,
    fsdb_version varchar,
    python_version varchar,
    duckdb_version varchar,
    platform varchar,
    open_draws bigint,
    seed bigint,
    policy varchar,
    policy_sql varchar,
    policy_params varchar,
    explore double,
    reset_policy varchar,
    reset_policy_sql varchar,
    reset_policy_params varchar,
    sampler varchar,
    model varchar,
    sampler_params varchar,
    stops varchar
);
comment on table run_forked is 'Up to here the log is another run''s; from here on it goes its own way, as run_started says. The fields from seed on are what run_started said in the parent, and so what held for the events before.';
comment on column run_forked.parent_run_id is 'The parent''s run_id, which its own log has in these events.';
comment on column run_forked.parent_name is 'The parent''s name when it was forked.';
comment on column run_forked.parent_seq is 'The last event shared with the parent: the one before this.';
comment on column run_forked.fsdb_version is 'Version of fsdb that forked.';
comment on column run_forked.python_version is 'Version of Python that forked.';
comment on column run_forked.duckdb_version is 'Version of DuckDB that forked.';
comment on column run_forked.platform is 'Operating system and machine type.';
comment on column run_forked.open_draws is 'How many of the parent''s draws were unanswered or unevaluated there, and are taken up.';
comment on column run_forked.seed is 'Seed of the draws before.';
comment on column run_forked.policy is 'Name of the selection policy before.';
comment on column run_forked.policy_sql is 'Its file, whole.';
comment on column run_forked.policy_params is 'Its parameters in force, a JSON object.';
comment on column run_forked.explore is 'Share of the draws that components of exploration made before; null where there were none.';
comment on column run_forked.reset_policy is 'Name of the reset policy before.';
comment on column run_forked.reset_policy_sql is 'Its file, whole.';
comment on column run_forked.reset_policy_params is 'Its parameters in force, a JSON object.';
comment on column run_forked.sampler is 'What answered prompts before.';
comment on column run_forked.model is 'The model asked before, null where there was none.';
comment on column run_forked.sampler_params is 'The sampler''s parameters before, a JSON object. Never a key.';
comment on column run_forked.stops is 'What was to end the parent, as in run_started.';

create table prompt_drawn (
    draw_id bigint,
    batch_id bigint,
    as_of bigint,
    kind varchar,
    policy varchar,
    policy_params varchar,
    explore double,
    component varchar,
    seed bigint,
    noise_scheme varchar,
    island_id integer,
    epoch integer,
    island_propensity double,
    temperature double,
    parents struct(
        position integer,
        slot integer,
        program_id bigint,
        cluster_id bigint,
        cluster_propensity double,
        program_propensity double
    )[],
    sampler varchar,
    completions integer,
    template varchar,
    prompt_hash varchar,
    model varchar,
    model_propensity double,
    model_policy varchar,
    model_policy_params varchar,
    models struct(
        model varchar,
        weight double,
        propensity double
    )[]
);
comment on table prompt_drawn is 'An island and parents were drawn, and a prompt made of them. Written before the prompt is sent.';
comment on column prompt_drawn.draw_id is 'The draw''s number: 0, 1, 2, … without a gap. With seed and slot it determines all noise of the draw.';
comment on column prompt_drawn.batch_id is 'Draws made by one query share it.';
comment on column prompt_drawn.as_of is 'The last event whose effect the draw saw: state is that of the log cut after this seq.';
comment on column prompt_drawn.kind is 'parents (drawn by the policy) or random (a fresh random program for an island without parents).';
comment on column prompt_drawn.policy is 'Name of the policy that drew; null for kind random.';
comment on column prompt_drawn.policy_params is 'The policy''s parameters, a JSON object; null for kind random.';
comment on column prompt_drawn.explore is 'As in run_started; then every propensity is that of all components together, each given the choices before it; null without exploration and for kind random.';
comment on column prompt_drawn.component is 'Which component drew: policy, cool, uniform or greedy (docs/policies.md, "Exploring"); null where explore is.';
comment on column prompt_drawn.seed is 'Seed of the draw''s noise.';
comment on column prompt_drawn.noise_scheme is 'Name and version of the noise.';
comment on column prompt_drawn.island_id is 'The island drawn.';
comment on column prompt_drawn.epoch is 'The island''s epoch as of the draw.';
comment on column prompt_drawn.island_propensity is 'Probability with which the policy drew this island; 1 for kind random.';
comment on column prompt_drawn.temperature is 'The temperature in force in that island, where the policy reports one; else null.';
comment on column prompt_drawn.parents is 'The parents in prompt order, worst score first: position in the prompt, slot of the noise, program, its cluster, probability of the cluster in its island and of the program in its cluster (without replacement: given the slots before).';
comment on column prompt_drawn.sampler is 'Which sampler is asked.';
comment on column prompt_drawn.completions is 'How many completions are asked for.';
comment on column prompt_drawn.template is 'Name and version of the prompt''s template; null where no text is made.';
comment on column prompt_drawn.prompt_hash is 'SHA-256 of the prompt as sent, hex; null where no text is made.';
comment on column prompt_drawn.model is 'The model drawn, by its name in the run; null where the sampler has none. Another one is asked where it is set aside (request_attempted).';
comment on column prompt_drawn.model_propensity is 'Probability with which the model policy drew it; null likewise.';
comment on column prompt_drawn.model_policy is 'Name of the model policy; null likewise.';
comment on column prompt_drawn.model_policy_params is 'Its parameters, a JSON object; null likewise.';
comment on column prompt_drawn.models is 'Every model of the run as it was at the draw, the luckiest first: weight, and probability with which the policy draws it. The next in line answers where one is set aside. Empty where the sampler has none.';

create table completion_received (
    completion_id bigint,
    draw_id bigint,
    ordinal integer,
    request_id varchar,
    sampler varchar,
    model varchar,
    params varchar,
    text varchar,
    tokens_in bigint,
    tokens_out bigint,
    cost_usd double,
    latency_seconds double,
    finish_reason varchar,
    error varchar,
    model_asked varchar,
    answered_run varchar,
    answered_seq bigint
);
comment on table completion_received is 'A sampler answered, or failed for good. Written before the answer is evaluated.';
comment on column completion_received.completion_id is 'The completion''s number: 0, 1, 2, … without a gap.';
comment on column completion_received.draw_id is 'The draw that it answers.';
comment on column completion_received.ordinal is 'Which of the draw''s completions it is, from 0.';
comment on column completion_received.request_id is 'Completions of one request share it; null where the sampler makes no requests.';
comment on column completion_received.sampler is 'The sampler that answered.';
comment on column completion_received.model is 'The model as named by the answer, else as asked; null where there is none.';
comment on column completion_received.params is 'Parameters of the request, a JSON object; null where there are none.';
comment on column completion_received.text is 'The text as received; null where none came.';
comment on column completion_received.tokens_in is 'Prompt tokens, the request''s total on its first completion and 0 on the others; null where not reported.';
comment on column completion_received.tokens_out is 'Completion tokens, in the same way; null where not reported.';
comment on column completion_received.cost_usd is 'Cost in US dollars, from the user''s prices; null where unknown.';
comment on column completion_received.latency_seconds is 'From request to answer; null where not measured.';
comment on column completion_received.finish_reason is 'Why the text ended, as the model said; null where it did not.';
comment on column completion_received.error is 'Why no text came; null where one did.';
comment on column completion_received.model_asked is 'The model asked, by its name in the run; null where there is none.';
comment on column completion_received.answered_run is 'The run from whose log the answer was taken, its run_id; then nothing was asked or spent here, and tokens and cost are null. Null for an answer of this run''s own.';
comment on column completion_received.answered_seq is 'The completion_received event of that run; null likewise.';

create table request_attempted (
    draw_id bigint,
    request_id varchar,
    attempt integer,
    ordinals integer[],
    model varchar,
    prompt_hash varchar,
    outcome varchar,
    status integer,
    error varchar,
    retry_after_seconds double,
    tokens_in bigint,
    tokens_out bigint,
    cost_usd double,
    latency_seconds double
);
comment on table request_attempted is 'A request was sent to a model''s server and came to an end, good or bad: one event for each time it was sent. Written no later than the completions that it brought.';
comment on column request_attempted.draw_id is 'The draw that it was sent for.';
comment on column request_attempted.request_id is 'The request; its further attempts and its completions share it (there with the answer''s id after a slash).';
comment on column request_attempted.attempt is 'Which attempt of the request it was, from 0.';
comment on column request_attempted.ordinals is 'The completions of the draw that were asked for.';
comment on column request_attempted.model is 'The model asked, by its name in the run.';
comment on column request_attempted.prompt_hash is 'SHA-256 of the prompt sent, hex, as in prompt_drawn; null for the outcome lost.';
comment on column request_attempted.outcome is 'answered; rate_limited, server_error, timed_out, disconnected or malformed (tried again); refused (any other status of an error); cancelled (the run ended first); lost (the writer died before it knew: sent perhaps, and perhaps answered).';
comment on column request_attempted.status is 'The HTTP status; null where none came.';
comment on column request_attempted.error is 'What went wrong, an excerpt; null where nothing did.';
comment on column request_attempted.retry_after_seconds is 'How long the server asked to wait; null where it did not.';
comment on column request_attempted.tokens_in is 'Prompt tokens of this attempt, as reported; null where not. The same tokens stand on the completions: count one or the other.';
comment on column request_attempted.tokens_out is 'Completion tokens of this attempt, in the same way; null where not reported.';
comment on column request_attempted.cost_usd is 'Cost in US dollars, from the user''s prices; null where unknown.';
comment on column request_attempted.latency_seconds is 'From the sending to its end; null for the outcome lost.';

create table program_evaluated (
    program_id bigint,
    draw_id bigint,
    completion_id bigint,
    sampler varchar,
    island_id integer,
    epoch integer,
    parents bigint[],
    status varchar,
    error varchar,
    output varchar,
    source varchar,
    source_hash varchar,
    scores double[],
    score double,
    signature_hash varchar,
    reused_from bigint,
    evaluation_seconds double,
    cpu_seconds double,
    sandbox_level varchar,
    scoring varchar,
    second_score double,
    metrics varchar,
    private_metrics varchar,
    artifacts varchar,
    feedback varchar,
    sandbox_profile varchar
);
comment on table program_evaluated is 'A program was judged. Written before anything uses its score; the event by which it joins its island.';
comment on column program_evaluated.program_id is 'The program''s number: 0, 1, 2, … without a gap.';
comment on column program_evaluated.draw_id is 'The draw that led to it; null for the seed program''s and founders'' copies.';
comment on column program_evaluated.completion_id is 'The completion that held it; null likewise.';
comment on column program_evaluated.sampler is 'Who wrote it: seed (the specification''s own function), founder (a survivor''s best, copied into a reset island), else the sampler.';
comment on column program_evaluated.island_id is 'The island that it was made for.';
comment on column program_evaluated.epoch is 'The epoch that it was made for.';
comment on column program_evaluated.parents is 'Its parents in prompt order; for a founder, the program that it copies; else empty.';
comment on column program_evaluated.status is 'ok: scored on every input and member of its island. Else why not: no_program, syntax_error, calls_ancestor, runtime_error, timeout, memory, invalid_score, incorrect (its evaluator says so), forged (a new best that, scored again call by call, has another score), sandbox_error; duplicate (its source is in this island already), stale (its island was reset meanwhile).';
comment on column program_evaluated.error is 'What went wrong, an excerpt with control characters escaped; null where nothing did.';
comment on column program_evaluated.output is 'What it printed, an excerpt with control characters escaped; null where nothing.';
comment on column program_evaluated.source is 'The evolved function''s text as it was run; null where none could be taken from the completion.';
comment on column program_evaluated.source_hash is 'MD5 of the source''s UTF-8 bytes, hex: the program''s content key; null where there is no source.';
comment on column program_evaluated.scores is 'Score for each test input, in input order; null where it has none.';
comment on column program_evaluated.score is 'The reduced score; null unless every input has one.';
comment on column program_evaluated.signature_hash is 'MD5 of the scores as little-endian doubles (-0 as 0), hex: the cluster''s content key; null unless every input has a score.';
comment on column program_evaluated.reused_from is 'The earlier program with the same source whose result this is; null where it was run.';
comment on column program_evaluated.evaluation_seconds is 'Wall-clock time of the evaluation; null where not run.';
comment on column program_evaluated.cpu_seconds is 'Processor time of the evaluation; null where not run.';
comment on column program_evaluated.sandbox_level is 'Isolation in force while it ran (L3 to L0); null where not run.';
comment on column program_evaluated.scoring is 'How it was scored: in-process, call-by-call, artefact or script; null where not run.';
comment on column program_evaluated.second_score is 'Its score when it was scored again, call by call; null where it was not, or had none then.';
comment on column program_evaluated.metrics is 'All that its evaluator measured, a JSON object; null where it is a specification''s, or not run.';
comment on column program_evaluated.private_metrics is 'What its evaluator measured and no prompt shows, a JSON object; null where nothing.';
comment on column program_evaluated.artifacts is 'Texts that its evaluator gave out with the metrics, a JSON object by name; null where none.';
comment on column program_evaluated.feedback is 'What the next prompt may show of its evaluation beside the score: its evaluator''s words, metrics and artifacts, cut, without what is private; null where nothing.';
comment on column program_evaluated.sandbox_profile is 'What of the sandbox it ran in: function (a fork of a prepared process, computation alone) or script (a process tree of its own, for evaluators that are whole programs); null where not run.';

create table island_reset (
    reset_id bigint,
    as_of bigint,
    policy varchar,
    policy_params varchar,
    seed bigint,
    noise_scheme varchar,
    islands struct(
        island_id integer,
        epoch integer,
        programs bigint,
        best_score double,
        best_program_id bigint,
        rank_key double,
        rank integer,
        reset boolean,
        founder_program_id bigint,
        founder_propensity double
    )[]
);
comment on table island_reset is 'Islands were restarted. From this seq on each island named so is in its next epoch. Its founders'' copies follow in the same commit.';
comment on column island_reset.reset_id is 'The reset''s number: 0, 1, 2, … without a gap.';
comment on column island_reset.as_of is 'The last event whose effect the decision saw.';
comment on column island_reset.policy is 'Name of the reset policy.';
comment on column island_reset.policy_params is 'Its parameters, a JSON object.';
comment on column island_reset.seed is 'Seed of the noise that breaks ties and draws founders.';
comment on column island_reset.noise_scheme is 'Name and version of the noise.';
comment on column island_reset.islands is 'Every island by id as it was: epoch before the reset, programs, best score and program (null where empty), the policy''s rank key, rank (1 is worst), whether it was reset, and its founder and the founder''s probability (null where it restarts with random programs or was not reset).';

create table run_stopped (
    reason varchar,
    samples bigint,
    programs bigint,
    best_score double,
    best_program_id bigint,
    open_draws bigint,
    seconds double
);
comment on table run_stopped is 'A writer closed the log in order. A run may be resumed after it.';
comment on column run_stopped.reason is 'Why: samples, minutes, target, tokens, usd, interrupted or error.';
comment on column run_stopped.samples is 'Completions received since the run started.';
comment on column run_stopped.programs is 'Programs evaluated since the run started.';
comment on column run_stopped.best_score is 'Best score so far; null where no program has one.';
comment on column run_stopped.best_program_id is 'The first program with it; null likewise.';
comment on column run_stopped.open_draws is 'Draws not yet fully answered and evaluated; resuming takes them up.';
comment on column run_stopped.seconds is 'Seconds that this writer ran.';
