"""`fsdb doctor`: what works on this machine, or with a model, what does not, and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import json_option, runs_dir_option
from fsdb.cli.printing import print_json, safe
from fsdb.cli.samplers import model_options, models_option, named

if TYPE_CHECKING:
    from fsdb.report.doctor import Finding
    from fsdb.samplers.openai.models import ModelSettings

_MARKS = {"ok": ("ok    ", "green"), "note": ("note  ", "yellow"), "failed": ("FAILED", "red")}


@click.command(short_help="Tell what works here or with a model, what does not, and what to do.")
@models_option
@model_options
@runs_dir_option
@json_option
def doctor(runs_dir: Path, as_json: bool, **options: Any) -> None:
    """Tell what works on this machine, by trying it: versions, sandbox, disk, the runs' directory, the key.

    With --model or --models it tells instead what works with these: whether the server knows the model, which
    APIs it has, n, seed, logprobs, and how fast it is. That takes about eight calls of 48 tokens. Keys are
    never shown, only whether they are set.

    \b
    fsdb doctor
    fsdb doctor --runs-dir /data/runs --json
    fsdb doctor --model qwen2.5-coder --base-url http://localhost:11434/v1

    Exit code 0 if a run would work, else 1.
    """
    from fsdb.report.doctor import FAILED, examine

    models = named(options)
    findings = []
    for finding in _of_models(models) if models else examine(runs_dir):
        findings.append(finding)
        if not as_json:
            mark, colour = _MARKS[finding.state]
            click.echo(f"{click.style(mark, fg=colour)}  {safe(finding.name)}: {safe(finding.found)}")
            if finding.cure:
                click.echo(f"        {safe(finding.cure)}")
    works = all(finding.state != FAILED for finding in findings)
    how = "fsdb run bin_packing" + (" with these options" if models else "")
    if as_json:
        print_json({"works": works, "findings": [asdict(finding) for finding in findings]})
    else:
        click.echo(f"A run would work: {how}" if works else "A run would not work here yet.")
    click.get_current_context().exit(0 if works else 1)


def _of_models(models: list[ModelSettings]) -> Iterator[Finding]:
    """Yield what there is to say of each model, as it becomes known."""
    from fsdb.report.doctor import FAILED, NOTE, OK, Finding
    from fsdb.samplers.openai.probing import probe_model

    with asyncio.Runner() as runner:
        for model in models:
            probes = probe_model(model)
            while (probe := runner.run(_next(probes))) is not None:
                state = OK if probe.works else FAILED if probe.needed else NOTE
                yield Finding(f"{model.name}: {probe.name}", state, probe.found, probe.cure)


async def _next(probes: Any) -> Any:
    return await anext(probes, None)
