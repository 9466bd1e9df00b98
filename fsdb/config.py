"""What a search can be told: frozen, with the field's usual numbers as defaults."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from fsdb.errors import UsageError


@dataclass(frozen=True)
class Stops:
    """What ends a run; None where it does not. Of several reasons at once the first one counts."""

    samples: int | None = None
    """Completions asked for since the run started, resumed parts included."""
    minutes: float | None = None
    """Wall-clock minutes of this writer; a resumed run starts counting again."""
    target: float | None = None
    """A score; the run ends when a program reaches it."""
    budget_tokens: int | None = None
    """Prompt and completion tokens, as reported by the model, since the run started."""
    budget_usd: float | None = None
    """US dollars by the models' prices, since the run started."""

    def __post_init__(self) -> None:
        """Refuse limits that make no sense."""
        for name, value in asdict(self).items():
            if value is not None and value != value:
                raise UsageError(f"--{name.replace('_', '-')} is not a number", cure="give a number")
            if name != "target" and value is not None and value <= 0:
                raise UsageError(f"--{name.replace('_', '-')} is {value}", cure="give a number above zero")

    def to_json(self) -> str:
        """Return the limits as compact, key-sorted JSON."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Stops:
        """Return the limits that `to_json` wrote."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class SearchConfig:
    """The settings of a run that its log holds, apart from problem, policies and sampler.

    The defaults are FunSearch's where it has any (10 islands, 4 completions to a prompt).
    """

    seed: int = 0
    """Seed of every draw."""
    islands: int = 10
    """Number of islands."""
    completions_per_prompt: int = 4
    """Completions asked for with each prompt."""
    random_programs: int = 4
    """Fresh random programs that an island is given when the run starts, or when it stands empty."""
    in_order: bool = True
    """Fold results in the order of their draws, so that a seed gives the same run."""
    batch_draws: int = 4
    """Prompts drawn by one query at most."""
    window_draws: int = 16
    """Prompts under way at a time at most."""
    timeout_seconds: float = 30.0
    """Wall-clock limit of one evaluation."""
    memory_bytes: int = 2 * 2**30
    """Memory limit of one evaluation."""
    scoring: str = "in-process"
    """How programs are scored, one of fsdb.evaluator.modes.MODES."""
    check_bests: bool = True
    """Score every new best again, call by call, before it counts; where it was scored in-process."""

    def __post_init__(self) -> None:
        """Refuse settings that make no sense."""
        for name in ("islands", "completions_per_prompt", "batch_draws", "window_draws"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} is {getattr(self, name)}", cure="give a whole number of at least 1")
        if self.random_programs < 0:
            raise UsageError(f"random_programs is {self.random_programs}", cure="give 0 or more")
        if not -(2**63) <= self.seed < 2**63:
            raise UsageError(f"the seed {self.seed} does not fit 64 bits", cure="give a smaller one")
        if self.timeout_seconds <= 0 or self.memory_bytes < 2**26:
            raise UsageError(
                "an evaluation needs some time and at least 64 MiB", cure="raise --timeout or --memory"
            )
        if self.in_order and self.window_draws < 3 * self.batch_draws:
            raise UsageError(
                f"a window of {self.window_draws} draws holds fewer than three batches of {self.batch_draws}",
                cure="raise --window to at least three times --batch, or lower --batch",
            )

    def to_event(self) -> dict[str, Any]:
        """Return the settings as fields of a run_started event."""
        fields = asdict(self)
        return {name: fields[name] for name in _EVENT_FIELDS}

    @classmethod
    def from_event(cls, fields: dict[str, Any]) -> SearchConfig:
        """Return the settings that a run_started event holds."""
        return cls(**{name: fields[name] for name in _EVENT_FIELDS})


_EVENT_FIELDS = (
    "seed",
    "islands",
    "completions_per_prompt",
    "random_programs",
    "in_order",
    "batch_draws",
    "window_draws",
    "timeout_seconds",
    "memory_bytes",
    "scoring",
    "check_bests",
)
