"""`fsdb lineage` and `fsdb diff`: where a program came from, and what two programs do otherwise."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import json_option, runs_dir_option
from fsdb.cli.printing import count, print_json, rounded, safe, safe_lines, score
from fsdb.cli.reading import warn_of_damage
from fsdb.errors import UsageError

if TYPE_CHECKING:
    from fsdb.report.difference import Line
    from fsdb.report.lineage import Lineage
    from fsdb.report.programs import Program

FORMATS = ("tree", "dot", "mermaid", "json", "graphml")


@click.command(short_help="Show what a program descends from.")
@click.argument("arguments", nargs=-1, metavar="[RUN] [PROGRAM]")
@runs_dir_option
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="tree",
    show_default=True,
    help="What to print: a tree for people, or a graph for Graphviz, Mermaid, programs, or Gephi.",
)
@click.option(
    "--parents",
    type=click.Choice(("best", "all")),
    help="Follow each program's best parent, or all of them.  [default: best for a tree, all for a graph]",
)
@click.option("--depth", type=click.IntRange(0), help="Generations back at most.  [default: all]")
@click.option("--diff", "with_diff", is_flag=True, help="Show how each step changed the source.")
@json_option
def lineage(
    arguments: tuple[str, ...],
    runs_dir: Path,
    form: str,
    parents: str | None,
    depth: int | None,
    with_diff: bool,
    as_json: bool,
) -> None:
    """Show what PROGRAM of RUN descends from, the newest first.

    PROGRAM is a number, best (which it is if left out) or seed. A filled dot is a program of the line that is
    followed; an open one is the other parent that its child was made from. Beside a score stands what was
    gained over the best parent. A founder's parent is the program that it copies.

    \b
    fsdb lineage
    fsdb lineage bin_packing-1 --diff
    fsdb lineage 1234 --parents all --depth 5
    fsdb lineage --format dot | dot -Tsvg > lineage.svg
    """
    from fsdb.report.lineage import lineage as lineage_of
    from fsdb.report.runs import find_run, open_run

    form = "json" if as_json else form
    if with_diff and form not in ("tree", "json"):
        raise UsageError(f"A graph in {form} has no room for changes.", cure="Use --diff with tree or json.")
    run, which = _run_or_program(arguments)
    with open_run(find_run(runs_dir, run)) as log:
        found = lineage_of(log, which, depth=depth)
        warn_of_damage(log)
    if form == "tree":
        _print_tree(found, every_parent=parents == "all", with_diff=with_diff)
        return
    if parents == "best":
        found = _line_alone(found)
    if form == "json":
        print_json(_object(found, with_diff))
        return
    from fsdb.report import graphs

    click.echo(getattr(graphs, f"to_{form}")(found), nl=False)


@click.command(short_help="Show what differs between two programs of a run.")
@click.argument("arguments", nargs=-1, required=True, metavar="[RUN] A B")
@runs_dir_option
@click.option(
    "--context", type=click.IntRange(0), default=3, show_default=True, help="Lines shown around each change."
)
@json_option
def diff(arguments: tuple[str, ...], runs_dir: Path, context: int, as_json: bool) -> None:
    """Show how to get from program A to program B of RUN, line by line, with the scores of both.

    Each is a number, best or seed.

    \b
    fsdb diff seed best
    fsdb diff bin_packing-1 120 best --context 10
    """
    from fsdb.report.difference import difference
    from fsdb.report.programs import find_program
    from fsdb.report.runs import find_run, open_run

    if len(arguments) not in (2, 3):
        raise UsageError(
            "Two programs are to be compared.", cure="Give [RUN] A B, as in: fsdb diff seed best"
        )
    run = arguments[0] if len(arguments) == 3 else None
    with open_run(find_run(runs_dir, run)) as log:
        old, new = (find_program(log, which) for which in arguments[-2:])
        warn_of_damage(log)
    lines = difference(old.source, new.source, context=context)
    if as_json:
        print_json(
            {
                "run": old.run,
                "a": _side(old),
                "b": _side(new),
                "gain": _gain(old.score, new.score),
                "difference": [asdict(line) for line in lines],
            }
        )
        return
    click.secho(_head("---", old), bold=True)
    click.secho(_head("+++", new), bold=True)
    _print_lines(lines)
    if not lines:
        click.echo("Their sources are the same.")


def _run_or_program(arguments: tuple[str, ...]) -> tuple[str | None, str]:
    """Split `[RUN] [PROGRAM]`; a single argument is a program if it can be one."""
    from fsdb.queries.catalogue import BEST
    from fsdb.report.programs import is_program

    if len(arguments) > 2:
        raise UsageError(f"There are {len(arguments)} arguments.", cure="Give [RUN] [PROGRAM].")
    if len(arguments) == 2:
        return arguments[0], arguments[1]
    if arguments and is_program(arguments[0]):
        return None, arguments[0]
    return (arguments[0] if arguments else None), BEST


def _print_tree(found: Lineage, *, every_parent: bool, with_diff: bool) -> None:
    program = found.programs[found.program_id]
    last = found.programs[found.line[-1]]
    back = (
        f"{count(len(found.line) - 1, 'step')} back to {_origin(last.sampler, last.program_id, last.parents)}"
    )
    click.secho(
        f"program {found.program_id} of {safe(found.run)}: score {score(program.score)}, {back}"
        + (f", {len(found.programs) - 1:,} ancestors in all" if every_parent else ""),
        bold=True,
    )
    width = len(str(found.program_id))
    seen: set[int] = set()
    on_line = set(found.line)
    # What is still to be printed, the next one last: a program, the indentation, whether its line goes on.
    waiting = [(found.program_id, "", True)]
    while waiting:
        own, indent, follow = waiting.pop()
        elsewhere = "on the line below" if indent and own in on_line and own not in seen else ""
        elsewhere = "above" if own in seen else elsewhere
        _print_node(found, own, indent, width, follow=follow, elsewhere=elsewhere if follow else "")
        if not follow or elsewhere or (own == found.line[-1] and not every_parent):
            continue
        seen.add(own)
        parents = found.programs[own].parents
        if parents:
            if with_diff:
                _print_step(found, own, indent)
            waiting.append((parents[-1], indent, True))
            waiting += [(other, indent + "├─", every_parent) for other in parents[:-1]]


def _print_node(found: Lineage, own: int, indent: str, width: int, *, follow: bool, elsewhere: str) -> None:
    program = found.programs[own]
    gain = found.gain(own)
    mark = "●" if follow else "○"
    scored = program.status if program.score is None else score(program.score)
    gained = "" if gain is None or not follow else f"{gain:+.4g}"
    place = f"island {program.island_id}" + (f", epoch {program.epoch}" if program.epoch else "")
    notes = [place, safe(program.sampler)] + ([safe(program.status)] if program.status != "ok" else [])
    if program.sampler == "founder" and program.parents:
        notes[1] = f"founder, a copy of {program.parents[-1]}"
    lead = "│ " * (indent.count("├─") - 1) + ("├─" if indent else "")
    if elsewhere:
        click.echo(f"{lead}○ {own}, which is {elsewhere}")
        return
    click.echo(
        f"{lead}{mark} {click.style(str(own).rjust(0 if indent else width), bold=follow)}  "
        f"{scored:>11}  {click.style(gained.ljust(9), fg='green' if gained.startswith('+') else 'red')}  "
        + click.style(", ".join(notes), dim=True)
    )


def _print_step(found: Lineage, own: int, indent: str) -> None:
    from fsdb.report.difference import difference

    program = found.programs[own]
    parent = found.programs[program.parents[-1]]
    _print_lines(difference(parent.source, program.source, context=1), lead="│ " * (indent.count("├─") + 1))


def _print_lines(lines: list[Line], lead: str = "") -> None:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in lines:
        text = line.text if line.sign == "@" else line.sign + line.text
        click.echo(lead + click.style(safe_lines(text), fg=colours.get(line.sign)))


def _origin(sampler: str, program_id: int, parents: tuple[int, ...]) -> str:
    return "the seed program" if sampler == "seed" and not parents else f"program {program_id}"


def _line_alone(found: Lineage) -> Lineage:
    from dataclasses import replace

    programs = {
        own: replace(found.programs[own], parents=found.programs[own].parents[-1:]) for own in found.line
    }
    return replace(found, programs=programs)


def _object(found: Lineage, with_diff: bool) -> dict[str, Any]:
    from fsdb.report.difference import difference

    programs = [asdict(found.programs[own]) for own in sorted(found.programs, reverse=True)]
    if with_diff:
        for each in programs:
            best = each["parents"][-1] if each["parents"] else None
            before = None if best is None else found.programs[best].source
            each["difference"] = (
                None if best is None else [asdict(line) for line in difference(before, each["source"])]
            )
    return {"run": found.run, "program_id": found.program_id, "line": found.line, "programs": programs}


def _head(mark: str, program: Program) -> str:
    return (
        f"{mark} program {program.program_id}: score {score(program.score)}, {safe(program.status)}, "
        f"island {program.island_id}, {safe(program.sampler)}"
    )


def _side(program: Program) -> dict[str, Any]:
    fields = ("program_id", "score", "scores", "status", "island_id", "epoch", "sampler", "source")
    return {name: getattr(program, name) for name in fields}


def _gain(old: float | None, new: float | None) -> float | None:
    return None if old is None or new is None else rounded(new - old)
