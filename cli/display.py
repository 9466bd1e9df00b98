"""What a search shows while it runs: a live picture on a terminal, plain lines in a pipe, or nothing."""

from __future__ import annotations

import sys
import time
from collections import deque
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from fsdb.config import Stops
    from fsdb.problem.specification import Problem
    from fsdb.search.ledger import Ledger
    from fsdb.search.runs import Watch

LOOK_SECONDS = 0.25
"""How often the state is asked, at most."""

LINE_SECONDS = 10.0
"""How long plain lines keep silent when nothing improves."""

SPARKS = "▁▂▃▄▅▆▇█"


@dataclass
class Picture:
    """What was last seen of a run, in numbers."""

    name: str
    problem: str
    sampler: str
    stops: dict[str, Any]
    seed_score: float
    began: float = field(default_factory=time.monotonic)
    progress: dict[str, Any] = field(default_factory=dict)
    islands: list[tuple[Any, ...]] = field(default_factory=list)
    behaviours: int = 0
    events: int = 0
    first_events: int = 0
    first_programs: int = 0
    bests: list[tuple[float, float]] = field(default_factory=list)
    """(seconds, score) of each improvement seen, the first being the start."""
    news: deque[str] = field(default_factory=lambda: deque(maxlen=3))

    def look(self, ledger: Ledger) -> bool:
        """Take in the state; return whether there is a new best."""
        con = ledger.con
        self.progress = ledger.progress()
        self.islands = con.execute(
            "select island_id, epoch, programs, clusters, best_score from islands order by island_id"
        ).fetchall()
        ((self.behaviours,),) = con.execute("select count(distinct signature_hash) from clusters").fetchall()
        self.events = ledger.as_of + 1
        if not self.bests:
            self.first_events, self.first_programs = self.events, self.progress["programs"]
            self.bests.append((0.0, self.progress["best_score"]))
            return False
        best = self.progress["best_score"]
        if best <= self.bests[-1][1]:
            return False
        self.news.append(
            f"{self.seconds:7.1f} s  {best:.6g}  (+{best - self.bests[-1][1]:.3g})  "
            f"program {self.progress['best_program_id']}"
        )
        self.bests.append((self.seconds, best))
        return True

    @property
    def seconds(self) -> float:
        """Seconds since the picture was begun."""
        return time.monotonic() - self.began

    def rate(self, count: float) -> float:
        """Return a count as one a second."""
        return count / max(self.seconds, 1e-9)

    @property
    def valid_share(self) -> float:
        """Share of the programs that have a score."""
        return float(self.progress["valid"] / max(self.progress["programs"], 1))

    def spending(self) -> list[str]:
        """Return what was spent in dollars, and what all samples will have cost at that rate."""
        cost, samples = self.progress["cost_usd"], self.progress["samples"]
        if cost is None:
            return []
        budget, wanted = self.stops.get("budget_usd"), self.stops.get("samples")
        said = f"${cost:.4f}" + (f" of ${budget:g}" if budget else "") + " spent"
        if wanted and samples:
            said += f", about ${float(cost) * wanted / samples:.2f} for {wanted:,} samples"
        return [said]

    def line(self) -> str:
        """Return the picture as one plain line."""
        progress, limit = self.progress, self.stops.get("samples")
        of = f"/{limit}" if limit else ""
        tokens = (progress["tokens_in"] or 0) + (progress["tokens_out"] or 0)
        spent = "".join(f"  {part}" for part in [f"{tokens} tokens"] * bool(tokens) + self.spending())
        return (
            f"{self.seconds:7.1f} s  {progress['samples']}{of} samples  "
            f"{self.rate(progress['programs'] - self.first_programs):.0f} programs/s  "
            f"valid {self.valid_share:.0%}{spent}  best {progress['best_score']:.6g} "
            f"(program {progress['best_program_id']})"
        )


class Display(AbstractContextManager["Display"]):
    """Shows a run; `watch()` is what the search tells its news to."""

    def __init__(self, stops: Stops | None) -> None:
        """Prepare; `stops` are the run's limits, None where the log knows them."""
        self._stops = stops
        self._looked = 0.0
        self._picture: Picture | None = None

    def watch(self) -> Watch:
        """Return the callbacks for a search."""
        from fsdb.search.runs import Watch

        return Watch(
            started=self._started,
            committed=self._committed,
            interrupted=self._interrupted,
            noticed=self._noticed,
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""

    def _started(self, run_dir: Path, problem: Problem, ledger: Ledger) -> None:
        from fsdb.search.runs import run_fields

        fields = run_fields(ledger.con)
        stops: dict[str, Any] = {}
        if self._stops is not None:
            from dataclasses import asdict

            stops = asdict(self._stops)
        else:
            import json

            stops = json.loads(fields["stops"])
        ((seed_score,),) = ledger.con.execute(
            "select score from main.program_evaluated where program_id = 0"
        ).fetchall()
        sampler = fields["model"] or fields["sampler"]
        self._picture = Picture(run_dir.name, problem.name, sampler, stops, seed_score)
        self._picture.look(ledger)
        self._begin(self._picture)

    def _committed(self, ledger: Ledger) -> None:
        assert self._picture is not None
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            improved = self._picture.look(ledger)
            self._looked = time.monotonic()
            self._show(self._picture, improved=improved)

    def _interrupted(self) -> None:
        """Say that the run is ending."""

    def _noticed(self, text: str) -> None:
        """Say what went wrong and was mended."""

    def _begin(self, picture: Picture) -> None:
        """Show that the run has begun."""

    def _show(self, picture: Picture, *, improved: bool) -> None:
        """Show the picture."""


class Lines(Display):
    """Plain lines on stdout: each improvement, and a sign of life now and then."""

    def __init__(self, stops: Stops | None) -> None:
        """Prepare."""
        super().__init__(stops)
        self._said = 0.0

    def _begin(self, picture: Picture) -> None:
        click.echo(
            f"{picture.name}: {picture.problem} by {picture.sampler}; seed program {picture.seed_score:.6g}"
        )

    def _show(self, picture: Picture, *, improved: bool) -> None:
        if improved or time.monotonic() - self._said >= LINE_SECONDS:
            click.echo(picture.line())
            sys.stdout.flush()
            self._said = time.monotonic()

    def _interrupted(self) -> None:
        click.echo("Stopping: finishing what is under way (Ctrl-C again to stop at once).", err=True)

    def _noticed(self, text: str) -> None:
        click.echo(text, err=True)


class Live(Display):
    """A live picture on a terminal."""

    def __init__(self, stops: Stops | None) -> None:
        """Prepare the terminal."""
        from rich.console import Console

        super().__init__(stops)
        self._console: Console = Console()
        self._live: Any = None
        self._stopping = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the picture away; the summary stays instead."""
        if self._live is not None:
            self._live.stop()

    def _begin(self, picture: Picture) -> None:
        from rich.live import Live as RichLive

        self._live = RichLive(
            get_renderable=lambda: self._render(picture),
            console=self._console,
            refresh_per_second=4,
            transient=True,
        )
        self._live.start()

    def _interrupted(self) -> None:
        self._stopping = True

    def _noticed(self, text: str) -> None:
        self._console.print(text, style="yellow", markup=False, highlight=False)

    def _render(self, picture: Picture) -> RenderableType:
        from rich.console import Group
        from rich.panel import Panel
        from rich.text import Text

        progress = picture.progress
        best = progress["best_score"]
        headline = Text.assemble(
            ("best ", "dim"),
            (f"{best:.6g}", "bold green"),
            (f"   seed program {picture.seed_score:.6g}", "dim"),
            (f"   gain {best - picture.seed_score:+.4g}", "bold" if best > picture.seed_score else "dim"),
        )
        curve = Text(_sparkline(picture, max(20, min(self._console.width - 8, 96))), style="green")
        footer = "Ctrl-C ends it cleanly; fsdb resume goes on"
        if self._stopping:
            footer = "stopping: finishing what is under way (Ctrl-C again: at once)"
        parts: list[RenderableType] = [
            headline,
            curve,
            _bar(picture),
            _counts(picture),
            Text(""),
            _islands(picture),
        ]
        if picture.news:
            parts += [Text(""), Text("\n".join(reversed(picture.news)), style="cyan")]
        return Panel(
            Group(*parts),
            title=Text(f"{picture.name} · {picture.problem} by {picture.sampler}"),
            subtitle=Text(footer, style="dim"),
            title_align="left",
            subtitle_align="left",
            width=min(self._console.width, 104),
        )


def display(stops: Stops | None, *, quiet: bool) -> Display:
    """Return the display that fits: none if `quiet`, a live one on a terminal, else plain lines."""
    if quiet:
        return Display(stops)
    return Live(stops) if sys.stdout.isatty() else Lines(stops)


def _sparkline(picture: Picture, width: int) -> str:
    """Return the best score over time as one row of blocks."""
    now = max(picture.seconds, 1e-9)
    values, index = [], 0
    for column in range(width):
        while index + 1 < len(picture.bests) and picture.bests[index + 1][0] <= now * (column + 1) / width:
            index += 1
        values.append(picture.bests[index][1])
    low, span = values[0], values[-1] - values[0]
    if span <= 0:
        return SPARKS[0] * width
    return "".join(SPARKS[round((value - low) / span * (len(SPARKS) - 1))] for value in values)


def _bar(picture: Picture) -> RenderableType:
    """Return how far the run is on its way to its first limit."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    samples, minutes = picture.stops.get("samples"), picture.stops.get("minutes")
    shares = []
    if samples:
        shares.append(
            (picture.progress["samples"] / samples, f"{picture.progress['samples']:,} of {samples:,} samples")
        )
    if minutes:
        shares.append((picture.seconds / 60 / minutes, f"{picture.seconds / 60:.1f} of {minutes:g} minutes"))
    share, text = max(shares, default=(0.0, f"{picture.progress['samples']:,} samples"))
    row = Table.grid(padding=(0, 1))
    row.add_row(
        ProgressBar(total=1.0, completed=min(share, 1.0), width=40), f"{text} · {picture.seconds:.0f} s"
    )
    return row


def _counts(picture: Picture) -> RenderableType:
    from rich.text import Text

    progress = picture.progress
    tokens = (progress["tokens_in"] or 0) + (progress["tokens_out"] or 0)
    parts = [
        f"{picture.rate(progress['programs'] - picture.first_programs):.0f} programs/s",
        f"{picture.rate(picture.events - picture.first_events):.0f} events/s",
        f"valid {picture.valid_share:.0%}",
        f"{picture.behaviours:,} distinct behaviours alive",
        f"{progress['resets']} resets",
    ]
    if tokens:
        limit = picture.stops.get("budget_tokens")
        parts.append(f"{tokens:,}" + (f" of {limit:,}" if limit else "") + " tokens")
    parts += picture.spending()
    return Text(" · ".join(parts), style="dim")


def _islands(picture: Picture) -> RenderableType:
    """Return each island's best, with a bar from the seed program's score to the best one's."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for name, justify in (
        ("island", "right"),
        ("best", "right"),
        ("", "left"),
        ("programs", "right"),
        ("clusters", "right"),
        ("epoch", "right"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    best = picture.progress["best_score"]
    lows = [score for *_, score in picture.islands if score is not None]
    low = min([picture.seed_score, *lows])
    for island_id, epoch, programs, clusters, score in picture.islands[:20]:
        share = 0.0 if score is None else (score - low) / (best - low) if best > low else 1.0
        style = "bold green" if score == best else ""
        table.add_row(
            str(island_id),
            Text("-" if score is None else f"{score:.6g}", style=style),
            Text("━" * round(24 * share), style="green" if score == best else "blue"),
            f"{programs:,}",
            f"{clusters:,}",
            str(epoch),
        )
    return table
