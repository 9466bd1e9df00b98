"""What a run found, and how its best program came about."""

from __future__ import annotations

import json
from typing import Any

from fsdb.errors import UsageError
from fsdb.report.difference import changed, difference
from fsdb.report.lineage import Lineage, lineage
from fsdb.report.page.blocks import Figures, Note, Section, Source, Step, Steps, Table
from fsdb.report.page.text import count, line, number, seconds, share, signed
from fsdb.report.programs import Program, find_program
from fsdb.report.runs import RunLog

_INPUTS = 30
_STEPS = 20


def found(log: RunLog, key: str) -> Section:
    """What was found?"""
    title, question = "Result", "What was found?"
    (summary,) = log.analysis("run_summary")
    figures = _figures(summary)
    if summary["best_program_id"] is None:
        answer = "Nothing yet: no program has a score. The failures below tell why."
        return Section(key, title, question, answer, (figures,), known=False)
    best = find_program(log, "best")
    seed = _seed(log)
    said = f"Program {best.program_id:,} scores {number(best.score, 6)}"
    if seed is not None and seed.score is not None and best.score is not None:
        if seed.program_id == best.program_id:
            said = f"Nothing better than the seed program, which scores {number(best.score, 6)}"
        else:
            gain = best.score - seed.score
            said += f", {number(gain)} more than the seed program ({number(seed.score, 6)})"
    sentences = [f"{said}."]
    if best.sampler != "seed":
        sentences.append(_who(best, summary))
    sentences += _known(log, best)
    blocks: list[Any] = [figures, Source(f"Program {best.program_id:,}", best.source or "")]
    blocks.append(_scores(best, seed))
    blocks.append(Note(f"{_how_sure(best)} (fsdb best {log.name} --compare)."))
    return Section(key, title, question, " ".join(sentences), tuple(filter(None, blocks)))


def _how_sure(best: Program) -> str:
    """Return in words what stands behind the best program's score, and what to do about the rest."""
    if best.second_score is not None:
        return (
            "It was scored twice, the second time where only the calls of its function reached the problem's "
            "own code: the score is not forged. How far it carries, inputs that the search never saw will "
            "tell"
        )
    if best.scoring in ("call-by-call", "artefact"):
        return (
            "It was scored out of its own reach: the score is not forged. How far it carries, inputs that "
            "the search never saw will tell"
        )
    return (
        "A program shares its process with the problem's own code, and could have forged its score: read a "
        "surprising one before you believe it, and score it on inputs that the search never saw"
    )


def path(log: RunLog, key: str) -> Section:
    """How did the best program come about?"""
    title, question = "Path to the best", "How did the best program come about?"
    try:
        line_of = lineage(log, "best", only_line=True)
    except UsageError as error:
        return Section(key, title, question, f"{error.message}", known=False)
    steps = len(line_of.line) - 1
    if not steps:
        return Section(key, title, question, "It is the program that its line began with: no step led to it.")
    rises = [own for own in line_of.line[:-1] if (line_of.gain(own) or 0) > 0]
    copies = [own for own in line_of.line[:-1] if line_of.programs[own].sampler == "founder"]
    origin = line_of.programs[line_of.line[-1]]
    began = (
        "the seed program"
        if origin.sampler == "seed"
        else f"program {origin.program_id:,}, which has no parents"
    )
    falls = sum((line_of.gain(own) or 0) < 0 for own in line_of.line[:-1])
    answer = (
        f"In {count(steps, 'step')} from {began}; {len(rises):,} of them raised the score, "
        f"{steps - len(rises) - len(copies) - falls:,} kept it"
        + (f", {falls:,} lowered it" if falls else "")
        + (
            f", and {count(len(copies), 'was a copy', 'were copies')} to an island that was reset"
            if copies
            else ""
        )
        + "."
    )
    if rises:
        largest = max(rises, key=lambda own: line_of.gain(own) or 0)
        answer += (
            f" The largest rise, of {number(line_of.gain(largest))}, is program {largest:,} "
            f"by {line(line_of.programs[largest].sampler, 40)}."
        )
    chosen = [own for own in reversed(line_of.line[:-1]) if line_of.programs[own].sampler != "founder"]
    if len(chosen) > _STEPS:
        largest_rises = sorted(rises, key=lambda own: line_of.gain(own) or 0.0)[-_STEPS:]
        chosen = [own for own in chosen if own in largest_rises]
    caption = (
        f"The steps from first to last, each from the best of the parents that were shown"
        f"{'' if len(chosen) == steps - len(copies) else f'; the {len(chosen)} largest rises'}. "
        "Open one to see what it changed."
    )
    made = tuple(_step(line_of, own, opened=own == line_of.program_id) for own in chosen)
    return Section(key, title, question, answer, (Steps(made, caption),))


def _figures(summary: dict[str, Any]) -> Figures:
    programs = summary["programs"]
    tokens = (summary["tokens_in"] or 0) + (summary["tokens_out"] or 0)
    figures = [
        ("Best score", number(summary["best_score"], 6), ""),
        ("Samples", f"{summary['samples']:,}", f"{count(summary['draws'], 'prompt')} drawn"),
        ("Valid programs", share(summary["valid"] / programs) if programs else "none", f"of {programs:,}"),
        ("Time at work", seconds(summary["active_seconds"]), count(summary["resets"], "reset")),
    ]
    if tokens:
        cost = summary["cost_usd"]
        figures.append(("Tokens", f"{tokens:,}", "" if cost is None else f"US$ {cost:,.2f}"))
    return Figures(figures)


def _seed(log: RunLog) -> Program | None:
    try:
        return find_program(log, "seed")
    except UsageError:
        return None


def _who(best: Program, summary: dict[str, Any]) -> str:
    model = best.completion and best.completion["model"]
    who = line(model or best.sampler, 60)
    when = "" if best.seconds_into_run is None else f", {seconds(best.seconds_into_run)} after the start"
    behind = summary["samples"] - (0 if best.completion is None else best.completion["completion_id"] + 1)
    since = "it was the last" if behind <= 0 else f"{count(behind, 'sample')} since brought nothing better"
    return f"It was written by {who} for island {best.island_id}{when}; {since}."


def _known(log: RunLog, best: Program) -> list[str]:
    """Return how the best compares with the figures that the problem's file states."""
    rows = log.rows("select baselines from run_started")
    baselines = json.loads(rows[0]["baselines"]) if rows else {}
    said = []
    for name, value in baselines.items():
        if isinstance(value, int | float) and best.score is not None:
            gap = best.score - value
            how = "equals it" if gap == 0 else f"is {number(abs(gap))} {'above' if gap > 0 else 'below'} it"
            said.append(f"The problem states {line(name, 60)} as {number(value, 6)}: this {how}.")
    return said


def _scores(best: Program, seed: Program | None) -> Table | Note | None:
    if len(best.scores) < 2:
        return None
    names = list(best.scores)
    rows = []
    for name in names[:_INPUTS]:
        was = None if seed is None else seed.scores.get(name)
        now = best.scores[name]
        gain = "" if was is None or now is None else signed(now - was)
        rows.append((line(name, 60), number(was), number(now), gain))
    more = f"; {len(names) - _INPUTS} more are left out" if len(names) > _INPUTS else ""
    caption = f"Its score on each of {count(len(names), 'input')}, beside the seed program's{more}."
    return Table(("input", "seed", "best", "gain"), rows, caption, frozenset({1, 2, 3}), folded=len(rows) > 6)


def _step(line_of: Lineage, own: int, *, opened: bool) -> Step:
    program = line_of.programs[own]
    parent = line_of.programs[program.parents[-1]]
    lines = difference(parent.source, program.source, context=2)
    added, removed = changed(lines)
    gain = line_of.gain(own)
    score = program.status if program.score is None else number(program.score, 6)
    facts = [
        "no score to compare" if gain is None else "same score" if gain == 0 else signed(gain),
        f"island {program.island_id}",
        line(program.sampler, 40),
        f"{count(added, 'line')} added, {removed} removed",
    ]
    return Step(f"{parent.program_id:,} → {own:,}: {score}", " · ".join(facts), lines, opened)
