"""Histories: random logs that a search might have written, for property-based tests.

A plain Python model decides what is legal: which islands can be drawn from, what becomes of a program, whose
result it shares.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.state.logs import Log

RESULTS: dict[str, tuple[str, list[float | None]]] = {
    "def f(): return 1": ("ok", [1.0, 2.0]),
    "def f(): return 1 # the same signature, longer": ("ok", [1.0, 2.0]),
    "def f(): return 2": ("ok", [2.0, 1.0]),
    "def f(): return 0": ("ok", [0.0, 0.0]),
    "def f(): return -0.0": ("ok", [-0.0, 0.0]),
    "def f(): return 1e9 # é": ("ok", [1e9, 1e-9]),
    "def f(): return 3": ("ok", [3.0, 0.0]),
    "def f(): return 1 / 0": ("runtime_error", [1.0, None]),
    "def f(): while True: pass": ("timeout", [None, None]),
    "def f(: pass": ("syntax_error", [None, None]),
}
"""What comes of each source that the samplers of these histories write: outcome, score for each input."""


@dataclass(frozen=True)
class Asked:
    """A completion that a draw asked for."""

    draw: int
    ordinal: int
    island: int
    epoch: int
    parents: tuple[int, ...]


class History:
    """A log under construction, and what is under way and alive in it."""

    def __init__(self, islands: int, inputs: int = 2) -> None:
        self.log = Log(islands)
        self.asked: list[Asked] = []
        self.received: list[tuple[int, Asked]] = []
        self.living: list[dict[str, int]] = [{} for _ in range(islands)]
        self.scored: dict[str, int] = {}
        for island in range(islands):
            self._join("def f(): return 1", island)

    def draw(self, island: int, completions: int, pick: int) -> None:
        """Ask for programs: of the island's living ones, or random ones where it has none."""
        alive = list(self.living[island].values())
        parents = tuple(alive[(pick + place) % len(alive)] for place in range(min(2, len(alive))))
        kind = "parents" if parents else "random"
        draw_id = self.log.drawn(island, parents, kind=kind, completions=completions)
        epoch = self.log.epochs[island]
        self.asked += [Asked(draw_id, ordinal, island, epoch, parents) for ordinal in range(completions)]

    def receive(self, which: int, tokens: int | None) -> None:
        """Let a completion come in, if any is asked for."""
        if not self.asked:
            return
        asked = self.asked.pop(which % len(self.asked))
        completion = self.log.received(
            asked.draw,
            asked.ordinal,
            tokens_in=tokens,
            tokens_out=None if tokens is None else tokens // 3,
            cost_usd=None if tokens is None else tokens * 1.1e-7,
        )
        self.received.append((completion, asked))

    def evaluate(self, which: int, source: str | None, broken: bool) -> None:
        """Judge a program that came in, if any did; where `broken` the sandbox fails, unless it is known."""
        if not self.received:
            return
        completion, asked = self.received.pop(which % len(self.received))
        outcome, scores = ("no_program", [None, None]) if source is None else RESULTS[source]
        known = self.scored.get(source or "")
        if broken and source is not None and known is None:
            outcome, scores = "sandbox_error", [None, None]
        status = outcome
        if outcome == "ok" and asked.epoch < self.log.epochs[asked.island]:
            status = "stale"
        elif outcome == "ok" and source in self.living[asked.island]:
            status = "duplicate"
        program = self.log.evaluated(
            scores,
            asked.island,
            source=source,
            draw=asked.draw,
            status=status,
            parents=asked.parents,
            epoch=asked.epoch,
            completion_id=completion,
            reused_from=known,
            error=None if outcome == "ok" else "it went wrong",
        )
        if source is not None and outcome != "sandbox_error":
            self.scored.setdefault(source, program)
        if status == "ok":
            self.living[asked.island][source or ""] = program

    def reset(self, islands: frozenset[int], founded: bool) -> None:
        """Restart islands, from the first living program elsewhere or from nothing."""
        alive = [
            programs for island, programs in enumerate(self.living) if island not in islands and programs
        ]
        founder = next(iter(alive[0].items())) if founded and alive else None
        self.log.reset(dict.fromkeys(islands, founder[1] if founder else None))
        for island in sorted(islands):
            self.living[island] = {}
            if founder:
                self._join(founder[0], island, copied=founder[1])

    def _join(self, source: str, island: int, copied: int | None = None) -> None:
        program = self.log.evaluated(
            RESULTS[source][1],
            island,
            source=source,
            sampler="seed" if copied is None else "founder",
            parents=() if copied is None else (copied,),
            reused_from=self.scored.get(source) if copied is None else copied,
        )
        self.scored.setdefault(source, program)
        self.living[island][source] = program

    def answer(self, which: int, tokens: int | None, programs: list[tuple[str | None, bool]]) -> None:
        """Let completions come in and judge the program in each."""
        for source, broken in programs:
            self.receive(which, tokens)
            self.evaluate(which, source, broken)


@st.composite
def histories(draw: st.DrawFn) -> Log:
    """Draw a log of a search: draws, answers, failures, duplicates, stale programs, resets of all sorts."""
    islands = draw(st.integers(1, 3))
    history = History(islands)
    which, island = st.integers(0, 7), st.integers(0, islands - 1)
    tokens = st.none() | st.integers(0, 5000)
    programs = st.lists(
        st.tuples(st.sampled_from([*RESULTS, *RESULTS, None]), st.integers(0, 9).map(lambda n: n == 9)),
        min_size=2,
        max_size=6,
    )
    steps = st.one_of(
        st.tuples(st.just("draw"), island, st.integers(1, 4), which),
        st.tuples(st.just("draw"), island, st.integers(2, 4), which),
        st.tuples(st.just("receive"), which, tokens),
        st.tuples(st.just("answer"), which, tokens, programs),
        st.tuples(st.just("answer"), which, tokens, programs),
        st.tuples(st.just("reset"), st.frozensets(island, min_size=1), st.booleans()),
    )
    for name, *arguments in draw(st.lists(steps, min_size=12, max_size=30)):
        getattr(history, name)(*arguments)
    return history.log
