"""`fsdb prompt`, and the options that say what prompts are like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import json_option, runs_dir_option, together
from fsdb.cli.printing import count, print_json, safe_lines
from fsdb.errors import UsageError

if TYPE_CHECKING:
    from fsdb.samplers.prompts import Style

prompt_options = together(
    click.option(
        "--prompt",
        "template",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Template of prompts, in Jinja's language (docs/prompts.md).  [default: fsdb's own]",
    ),
    click.option(
        "--show-scores/--hide-scores",
        default=None,
        help="Whether prompts show the score of each version.  [default: show]",
    ),
    click.option("--show-inputs", is_flag=True, help="Show the score of each version on each test input."),
    click.option(
        "--feedback/--no-feedback",
        default=None,
        help="Whether prompts show what an evaluator said beside the score.  [default: feedback]",
    ),
    click.option(
        "--answer",
        type=click.Choice(["whole", "changes"]),
        help="Ask a chat for whole versions, or for changes to the best one shown (search and replace).  "
        "[default: whole]",
    ),
    click.option(
        "--show-failures",
        type=click.IntRange(0, 10),
        help="How many of the island's last failures prompts show.  [default: 0]",
    ),
)


def style_of(options: dict[str, Any]) -> Style:
    """Return the style that `prompt_options` ask for; UsageError for a template that is none."""
    from fsdb.samplers.prompts import Style
    from fsdb.samplers.prompts.style import read_template
    from fsdb.samplers.prompts.template import load

    path: Path | None = options["template"]
    given = {
        "template": None if path is None else read_template(path),
        "name": None if path is None else path.stem,
        "show_scores": options["show_scores"],
        "show_inputs": options["show_inputs"] or None,
        "feedback": options["feedback"],
        "failures": options["show_failures"],
        "answer": options["answer"],
    }
    style = Style(**{name: value for name, value in given.items() if value is not None})
    load(style, chat=True)
    return style


@click.command(short_help="Show exactly what a model was sent, or would be sent next.")
@click.argument("arguments", nargs=-1, metavar="[RUN] [DRAW]")
@runs_dir_option
@json_option
def prompt(arguments: tuple[str, ...], runs_dir: Path, as_json: bool) -> None:
    """Show the prompt of DRAW of RUN, made again from the log and proved by its hash; or the next one.

    DRAW is a draw's number, as in `fsdb sql "select draw_id, program_id from draws"`. Left out, a draw is
    made from the present state and written nowhere. For a run without a model it is what a chat model would
    be sent.

    \b
    fsdb prompt
    fsdb prompt 17
    fsdb prompt cap_set-1 17 --json
    """
    from fsdb.report.prompts import PromptMaker
    from fsdb.report.runs import find_run, open_run

    run, draw_id = _run_and_draw(arguments)
    with open_run(find_run(runs_dir, run)) as log:
        maker = PromptMaker(log)
        if draw_id is None:
            remade, logged = maker.next(), None
        else:
            remade, logged = maker.of_draw(draw_id)
    rendered = remade.rendered
    if as_json:
        print_json(
            {
                "draw_id": remade.prompt.draw_id,
                "sent": remade.sent,
                "template": rendered.template,
                "prompt_hash": rendered.prompt_hash,
                "parents": [parent.program_id for parent in remade.prompt.parents],
                "messages": list(rendered.messages) or None,
                "text": None if rendered.messages else rendered.sent,
            }
        )
        return
    click.echo(_about(remade.prompt.draw_id, rendered.template, remade.sent, draw_id, logged), err=True)
    for message in rendered.messages:
        click.secho(f"[{message['role']}]", bold=True)
        click.echo(safe_lines(message["content"]))
        click.echo()
    if not rendered.messages:
        click.echo(safe_lines(rendered.sent), nl=False)
    click.echo(f"{count(len(rendered.sent), 'character')}.", err=True)


def _run_and_draw(arguments: tuple[str, ...]) -> tuple[str | None, int | None]:
    """Split the arguments `[RUN] [DRAW]`; UsageError where they are others."""
    *run, last = arguments or ("",)
    if last.isascii() and last.isdigit() and int(last) < 2**63:
        draw_id: int | None = int(last)
    else:
        run, draw_id = [*run, *([last] if last else [])], None
    if len(run) > 1:
        raise UsageError(
            f"{' '.join(arguments)} is no run and draw.",
            cure="Give [RUN] [DRAW], the draw by its number, and a name with spaces in quotes.",
        )
    return (run[0] if run else None), draw_id


def _about(draw_id: int, template: str, sent: bool, asked: int | None, logged: str | None) -> str:
    if sent:
        return f"Draw {draw_id}, {template}: as it was sent; the hash is the logged one."
    if asked is None:
        return f"Draw {draw_id}, {template}: not sent; what the next draw would send from the present state."
    return f"Draw {draw_id}, {template}: not sent, as no model was asked; what a chat model would be sent."
