"""Are the answers of `fsdb replay` true? A search whose law is known, replayed, and compared with the truth.

Programs here are numbers: a score and a trait that no log shows. A prompt of two parents begets children by a
law that is written below, so that what any policy's draws beget can be computed, and a policy can really be
rerun. Every log is written in fsdb's own format and asked with fsdb's own SQL. In the variant `hidden`
children depend on the hidden trait of their parents too, and not on scores alone; `explored` is that one,
logged with `--explore 0.3`. All have resets.

    python benchmarks/replay_truth.py [--logs 60] [--reruns 100] [--json FILE]

For each policy: how often the answer was refused; of those told, the mean error (bias), how often the 95 %
interval held the truth (coverage), and its mean width; and the coverage that refused answers would have had.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from make_log import Columns

from fsdb.config import SearchConfig, Stops
from fsdb.log.files import EVENTS, commit_path
from fsdb.log.parquet import merged_writer
from fsdb.log.seal import seal_file
from fsdb.problem.loading import load_problem
from fsdb.replay import counterfactual
from fsdb.replay.counterfactual import Z, logging_policies, off_policy, weigh
from fsdb.replay.history import History
from fsdb.replay.redraw import redraw
from fsdb.report.runs import open_run
from fsdb.samplers.mutation import MutationSampler
from fsdb.search import events
from fsdb.state.keys import NOISE_SCHEME, signature_hash, source_hash
from fsdb.state.policies import RESET, load_policy, with_exploration

ISLANDS, BATCH, CHILDREN, DRAWS, RESET_EVERY = 4, 8, 4, 1200, 1600
GRID, SPREAD = 0.05, 0.12
LOGGING = "funsearch:temperature_init=0.3"
EXPLORE = 0.3
COMPONENTS = {
    "policy": (1 - EXPLORE, LOGGING),
    "cool": (EXPLORE / 3, "funsearch:temperature_init=0.05"),
    "uniform": (EXPLORE / 3, "uniform"),
    "greedy": (EXPLORE / 3, "greedy"),
}
"""What an exploring run draws with, by shares."""
POLICIES = {
    "itself": LOGGING,
    "near": "funsearch:temperature_init=0.25",
    "middling": "funsearch:temperature_init=0.2",
    "far": "funsearch:temperature_init=0.1",
    "uniform": "uniform",
    "greedy": "greedy",
    "disjoint": "funsearch:temperature_init=0.3,parents=3",
}


@dataclass
class Island:
    """The programs of an island by cluster: score on the grid to (program, trait) pairs."""

    epoch: int = 0
    clusters: dict[float, list[tuple[int, float]]] = field(default_factory=dict)

    @property
    def best(self) -> float:
        return max(self.clusters)


def probabilities(spec: str, scores: np.ndarray, programs: np.ndarray, total: int) -> np.ndarray:
    """Return the probability of each cluster of an island, written anew: not fsdb's SQL."""
    if spec == "uniform":
        return programs / programs.sum()
    if spec == "greedy":
        return (scores == scores.max()) / (scores == scores.max()).sum()
    start = float(spec.split("temperature_init=")[1].split(",")[0])
    temperature = start * (1 - (total % 30000) / 30000)
    weights = np.exp((scores - scores.max()) / temperature)
    return weights / weights.sum()


def law(better: np.ndarray, worse: np.ndarray, traits: np.ndarray, hidden: bool) -> tuple[Any, Any]:
    """Return the probability that a child is valid, and the mean of its score before it goes to the grid."""
    valid = np.clip(0.85 - 0.1 * (better == worse), 0, 1)
    mean = better + 0.15 * (worse - better) - 0.16 + (0.12 * traits if hidden else 0.0)
    return valid, mean


@dataclass
class World:
    """A search under one policy, and its log if wanted."""

    policy: str
    hidden: bool
    chance: np.random.Generator
    log: Columns | None = None
    explores: bool = False
    islands: list[Island] = field(default_factory=lambda: [Island() for _ in range(ISLANDS)])
    programs: int = 0
    since_reset: int = 0
    best: float = 0.0
    resets: int = 0
    truths: dict[str, list[np.ndarray]] = field(default_factory=lambda: defaultdict(list))

    def run(self, draws: int, asked: Sequence[str] = (), prompts: int = 0) -> None:
        """Search; as of each state sum what one draw of each policy `asked` would beget, over `prompts`."""
        for number, island in enumerate(self.islands):
            self._join(number, island, 0.0, 0.0)
        for first in range(0, draws, BATCH):
            if self.since_reset >= RESET_EVERY:
                self._reset()
            for spec in asked:
                self.truths[spec].append(self._truth(spec, prompts))
            as_of = self._seq() - 1
            drawn = [self._draw() for _ in range(min(BATCH, draws - first))]
            for offset, (component, number, parents, chances) in enumerate(drawn):
                self._log_draw(first + offset, first // BATCH, as_of, component, number, parents, chances)
            for offset, (_, number, parents, _) in enumerate(drawn):
                self._beget(first + offset, number, self.islands[number].epoch, parents)

    def _tables(self, number: int, spec: str) -> tuple[np.ndarray, np.ndarray]:
        clusters = self.islands[number].clusters
        scores = np.array(list(clusters))
        sizes = np.array([len(members) for members in clusters.values()])
        return scores, probabilities(spec, scores, sizes, int(sizes.sum()))

    def _draw(self) -> tuple[str | None, int, list[tuple[float, int, float]], list[float]]:
        number = int(self.chance.integers(ISLANDS))
        component, spec = None, self.policy
        if self.explores:
            component = str(
                self.chance.choice(list(COMPONENTS), p=[share for share, _ in COMPONENTS.values()])
            )
            spec = COMPONENTS[component][1]
        scores, chances = self._tables(number, spec)
        shown = min(2, len(scores))
        parents, picked = [], []
        for index in self.chance.choice(len(scores), size=shown, p=chances):
            members = self.islands[number].clusters[float(scores[index])]
            program, trait = members[int(self.chance.integers(len(members)))]
            parents.append((float(scores[index]), program, trait))
            picked.append(float(chances[index]))
        if self.explores:
            picked = self._marginal(number, [score for score, _, _ in parents])
        return component, number, parents, picked

    def _marginal(self, number: int, shown: list[float]) -> list[float]:
        """Return the probability of each cluster shown under all components, given those before it."""
        found, before = [], [share for share, _ in COMPONENTS.values()]
        tables = [self._tables(number, spec) for _, spec in COMPONENTS.values()]
        for score in shown:
            after = [
                mass * float(chances[list(scores).index(score)])
                for mass, (scores, chances) in zip(before, tables, strict=True)
            ]
            found.append(sum(after) / sum(before))
            before = after
        return found

    def _truth(self, spec: str, prompts: int) -> np.ndarray:
        """Return sums over prompts, in expectation: valid, valid times score, the three bests, prompts."""
        total = np.zeros(6)
        if "parents=" in spec:
            return total
        for number, island in enumerate(self.islands):
            scores, chances = self._tables(number, spec)
            shown = min(2, len(scores))
            picks = self.chance.choice(len(scores), size=(prompts // ISLANDS, shown), p=chances)
            traits = np.empty(picks.shape)
            for index in np.unique(picks):
                members = np.array([trait for _, trait in island.clusters[float(scores[index])]])
                where = picks == index
                traits[where] = members[self.chance.integers(len(members), size=int(where.sum()))]
            values = scores[picks]
            better, worse = values.max(axis=1), values.min(axis=1)
            valid, mean = law(better, worse, traits.mean(axis=1), self.hidden)
            above = [valid * _above(limit, mean) for limit in (better, island.best, self.best)]
            total += [valid.sum(), (valid * mean).sum(), *(each.sum() for each in above), len(better)]
        return total

    def _beget(self, draw: int, number: int, epoch: int, parents: list[tuple[float, int, float]]) -> None:
        values, traits = [score for score, _, _ in parents], [trait for _, _, trait in parents]
        better, worse, trait = max(values), min(values), sum(traits) / len(traits)
        valid, mean = law(np.array(better), np.array(worse), np.array(trait), self.hidden)
        island = self.islands[number]
        for ordinal in range(CHILDREN):
            score = None
            if self.chance.random() < valid:
                score = float(round((mean + SPREAD * self.chance.normal()) / GRID)) * GRID
            own = 0.5 * trait + float(self.chance.normal())
            shown = [program for _, program, _ in sorted(parents, key=lambda parent: parent[0])]
            self.since_reset += 1
            self._join(number, island, score, own, draw=draw, ordinal=ordinal, parents=shown)

    def _join(
        self,
        number: int,
        island: Island,
        score: float | None,
        trait: float,
        *,
        draw: int | None = None,
        ordinal: int = 0,
        parents: Sequence[int] = (),
        sampler: str = "mutation",
    ) -> None:
        program = self.programs
        self.programs += 1
        if self.log is not None:
            completion = None
            if draw is not None:
                completion = draw * CHILDREN + ordinal
                self._add("completion_received", completion_id=completion, draw_id=draw, ordinal=ordinal,
                          sampler=sampler, text="", **_nothing("completion_received"))  # fmt: skip
            source = f"{program:012d}"
            self._add("program_evaluated", program_id=program, draw_id=draw, completion_id=completion,
                      sampler=sampler if draw is not None else ("founder" if parents else "seed"),
                      island_id=number, epoch=island.epoch, parents=list(parents),
                      status="ok" if score is not None else "runtime_error", source=source,
                      source_hash=source_hash(source), scores=[score], score=score,
                      signature_hash=None if score is None else signature_hash([score]),
                      **_nothing("program_evaluated"))  # fmt: skip
        if score is not None:
            island.clusters.setdefault(score, []).append((program, trait))
            self.best = max(self.best, score)

    def _reset(self) -> None:
        """Restart the worst half of the islands, each from the best program of a survivor."""
        order = sorted(range(ISLANDS), key=lambda number: (self.islands[number].best, number))
        fallen, survivors = order[: ISLANDS // 2], order[ISLANDS // 2 :]
        founders = {number: int(self.chance.choice(survivors)) for number in sorted(fallen)}
        taken = {number: (self.islands[other].best, self.islands[other].clusters[self.islands[other].best][0])
                 for number, other in founders.items()}  # fmt: skip
        if self.log is not None:
            told = [{"island_id": number, "epoch": island.epoch, "programs": 0, "best_score": island.best,
                     "best_program_id": 0, "rank_key": island.best, "rank": order.index(number) + 1,
                     "reset": number in taken, "founder_program_id": taken.get(number, (0, (None, 0)))[1][0],
                     "founder_propensity": 0.5 if number in taken else None}
                    for number, island in enumerate(self.islands)]  # fmt: skip
            self._add("island_reset", reset_id=self.resets, as_of=self._seq() - 1, policy="survivors",
                      policy_params="{}", seed=0, noise_scheme=NOISE_SCHEME, islands=told)  # fmt: skip
        self.resets += 1
        self.since_reset = 0
        for number, (score, (program, trait)) in taken.items():
            self.islands[number] = Island(self.islands[number].epoch + 1)
            self._join(number, self.islands[number], score, trait, parents=[program])

    def _log_draw(
        self,
        draw: int,
        batch: int,
        as_of: int,
        component: str | None,
        number: int,
        parents: Any,
        chances: list[float],
    ) -> None:
        if self.log is None:
            return
        clusters = self.islands[number].clusters
        order = sorted(range(len(parents)), key=lambda slot: (parents[slot][0], slot))
        shown = [
            {"position": position, "slot": slot, "program_id": parents[slot][1],
             "cluster_id": clusters[parents[slot][0]][0][0], "cluster_propensity": chances[slot],
             "program_propensity": 1 / len(clusters[parents[slot][0]])}
            for position, slot in enumerate(order)
        ]  # fmt: skip
        self._add("prompt_drawn", draw_id=draw, batch_id=batch, as_of=as_of, kind="parents",
                  policy="funsearch", policy_params="{}", seed=0, noise_scheme=NOISE_SCHEME, island_id=number,
                  epoch=self.islands[number].epoch, island_propensity=1 / ISLANDS, parents=shown,
                  sampler="mutation", completions=CHILDREN, component=component,
                  explore=EXPLORE if self.explores else None, **_nothing("prompt_drawn"))  # fmt: skip

    def _seq(self) -> int:
        return 0 if self.log is None else len(self.log.types)

    def _add(self, type_: str, **fields: Any) -> None:
        assert self.log is not None
        self.log.add(type_, len(self.log.types), fields)


def _nothing(type_: str) -> dict[str, None]:
    """Return the fields of an event that this search knows nothing of."""
    known = {
        "completion_received": {"completion_id", "draw_id", "ordinal", "sampler", "text"},
        "prompt_drawn": {"draw_id", "batch_id", "as_of", "kind", "policy", "policy_params", "seed",
                         "noise_scheme", "island_id", "epoch", "island_propensity", "parents", "sampler",
                         "completions", "component", "explore"},
        "program_evaluated": {"program_id", "draw_id", "completion_id", "sampler", "island_id", "epoch",
                              "parents", "status", "source", "source_hash", "scores", "score",
                              "signature_hash"},
    }  # fmt: skip
    from fsdb import schema

    every = [column.column for column in schema.columns() if column.table == type_]
    return {name: None for name in every if name not in known[type_]}


def _above(limit: Any, mean: np.ndarray) -> np.ndarray:
    """Return the probability that a score, on the grid, is above a limit on it."""
    z = (np.asarray(limit) + GRID / 2 - mean) / (SPREAD * math.sqrt(2))
    return 0.5 * np.vectorize(math.erfc)(z)


def write(world: World, run_dir: Path) -> None:
    """Write a search's log in fsdb's format."""
    assert world.log is not None
    (run_dir / EVENTS).mkdir(parents=True)
    path = commit_path(run_dir, 0, len(world.log.types) - 1)
    with merged_writer(path) as writer:
        writer.write_table(world.log.table(0))
    seal_file(path)


def begun(explores: bool) -> Columns:
    """Return a log's columns with its first event."""
    log = Columns()
    problem = load_problem("cap_set")
    config = SearchConfig(islands=ISLANDS, completions_per_prompt=CHILDREN, batch_draws=BATCH,
                          window_draws=3 * BATCH)  # fmt: skip
    policy = with_exploration(load_policy(LOGGING), EXPLORE if explores else 0.0)
    log.add("run_started", 0, events.run_started("truth", problem, config, policy,
                                                 load_policy("survivors", RESET), Stops(),
                                                 MutationSampler(problem.specification)))  # fmt: skip
    return log


def truth_of(sums: list[np.ndarray]) -> dict[str, float]:
    """Return what a draw begets on average, over all states alike."""
    valid, score, parent, island, best, prompts = np.sum(sums, axis=0)
    return {"score": score / valid, "valid": valid / prompts, "beats_parent": parent / prompts,
            "island_best": island / prompts, "global_best": best / prompts}  # fmt: skip


def ask(world: World) -> list[Any]:
    """Return fsdb's answers for each of POLICIES, from the log; refused ones with their numbers, too."""
    with tempfile.TemporaryDirectory() as folder:
        run_dir = Path(folder) / "run"
        write(world, run_dir)
        with open_run(run_dir) as log, History(log) as history:
            own = logging_policies(history)
            policies = [policy for _, policy in own] + [load_policy(spec) for spec in POLICIES.values()]
            redraw(history, policies)
            weigh(history, [share for share, _ in own], policies)
            told = off_policy(history)[len(own) :]
            gate = counterfactual._refusal
            counterfactual._refusal = lambda overlap: (None, None)  # what would the refused have said?
            try:
                ungated = off_policy(history)[len(own) :]
            finally:
                counterfactual._refusal = gate
    return list(zip(told, ungated, strict=True))


def main() -> None:
    """Simulate, ask, compare, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--logs", type=int, default=60, help="logs of each variant")
    parser.add_argument("--variants", default="plain,hidden,explored", help="which variants, with commas")
    parser.add_argument("--reruns", type=int, default=100, help="real runs of each policy")
    parser.add_argument("--prompts", type=int, default=120, help="prompts a state that the truth is from")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    began = time.perf_counter()
    rows = []
    for children in options.variants.split(","):
        rows += estimates(children, options.logs, options.prompts)
    print(
        f"Off-policy estimates: {options.logs} logs of {DRAWS} draws and {CHILDREN * DRAWS} children each\n"
    )
    _print(rows)
    runs = reruns(options.reruns)
    print(f"\nA draw is not a run: {options.reruns} real runs of each policy, {DRAWS} draws\n")
    _print(runs)
    print(f"\n{time.perf_counter() - began:.0f} s")
    if options.json:
        options.json.write_text(json.dumps({"estimates": rows, "runs": runs}, indent=1))


def estimates(children: str, logs: int, prompts: int) -> list[dict[str, Any]]:
    """Return, for each policy and outcome, how fsdb's answers compare with the truth."""
    hidden, explores = children != "plain", children == "explored"
    logged = list(COMPONENTS.values()) if explores else [(1.0, LOGGING)]
    asked = list(dict.fromkeys([*POLICIES.values(), *(spec for _, spec in logged)]))
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    kept: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for number in range(logs):
        chance = np.random.default_rng([number, hidden])
        world = World(LOGGING, hidden, chance, log=begun(explores), explores=explores)
        world.run(DRAWS, asked, prompts)
        own = truth_of([share * sums for share, spec in logged for sums in world.truths[spec]])
        for (name, spec), (told, ungated) in zip(POLICIES.items(), ask(world), strict=True):
            kept[name].append((told.refusal is None, told.effective))
            if "parents=" in spec:
                continue
            truth = truth_of(world.truths[spec])
            for each in ungated.estimates:
                right = truth[each.outcome]
                low, high = each.interval or (math.nan, math.nan)
                below, above = each.difference_interval or (math.nan, math.nan)
                change = right - own[each.outcome]
                found[name, each.outcome].append(
                    {"told": told.refusal is None, "error": each.estimate - right, "truth": right,
                     "holds": low <= right <= high, "width": high - low,
                     "change": change, "change_error": each.difference - change,
                     "change_holds": below <= change <= above if each.difference_interval else None,
                     "change_width": above - below}
                )  # fmt: skip
    rows = []
    for name, pairs in kept.items():
        refused = 1 - float(np.mean([told for told, _ in pairs]))
        effective = float(np.mean([effective for _, effective in pairs]))
        outcomes = [key for key in found if key[0] == name]
        if not outcomes:
            rows.append({"children": children, "policy": name, "outcome": "",
                         "effective": f"{effective:.0f}", "refused": f"{refused:.0%}"})  # fmt: skip
        for key in outcomes:
            told = [each for each in found[key] if each["told"]]
            kept_back = [each for each in found[key] if not each["told"]]
            rows.append(
                {
                    "children": children, "policy": name, "outcome": key[1],
                    "effective": f"{effective:.0f}", "refused": f"{refused:.0%}",
                    "truth": _mean(told or kept_back, "truth"), "bias": _mean(told, "error"),
                    "coverage": _share(told, "holds"), "width": _mean(told, "width"),
                    "change": _mean(told or kept_back, "change"), "its bias": _mean(told, "change_error"),
                    "its coverage": _share(told, "change_holds"), "its width": _mean(told, "change_width"),
                    "refused would cover": _share(kept_back, "holds"),
                }
            )  # fmt: skip
    return rows


def reruns(runs: int) -> list[dict[str, Any]]:
    """Return what each policy finds when it is really run, beside what a draw of it begets on the log."""
    asked = [spec for spec in POLICIES.values() if "parents=" not in spec]
    one_step: dict[str, list[float]] = {spec: [] for spec in asked}
    for number in range(10):
        world = World(LOGGING, True, np.random.default_rng([number, 7]))
        world.run(DRAWS, asked, 120)
        for spec in asked:
            one_step[spec].append(truth_of(world.truths[spec])["global_best"])
    rows = []
    for name, spec in POLICIES.items():
        if spec not in asked:
            continue
        bests = []
        for number in range(runs):
            world = World(spec, True, np.random.default_rng([number, 11]))
            world.run(DRAWS)
            bests.append(world.best)
        rows.append({"policy": name, "P(new best) a draw": f"{np.mean(one_step[spec]):.2e}",
                     "best of the run": f"{np.mean(bests):.3f}",
                     "± 95 %": f"{Z * np.std(bests, ddof=1) / math.sqrt(runs):.3f}"})  # fmt: skip
    return rows


def _mean(rows: list[dict[str, Any]], name: str) -> str:
    values = [row[name] for row in rows if not math.isnan(row[name])]
    return f"{np.mean(values):.2g}" if values else ""


def _share(rows: list[dict[str, Any]], name: str) -> str:
    values = [row[name] for row in rows if row[name] is not None]
    return f"{np.mean(values):.0%}" if values else ""


def _print(rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [columns, *([str(row.get(name, "")) for name in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
