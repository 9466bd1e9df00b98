"""`fsdb doctor`: what works on this machine, what does not, and what to do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from fsdb.cli.options import json_option, runs_dir_option
from fsdb.cli.printing import print_json, safe

_MARKS = {"ok": ("ok    ", "green"), "note": ("note  ", "yellow"), "failed": ("FAILED", "red")}


@click.command(short_help="Tell what works on this machine, what does not, and what to do.")
@runs_dir_option
@json_option
def doctor(runs_dir: Path, as_json: bool) -> None:
    """Tell what works on this machine, by trying it: versions, sandbox, disk, the runs' directory, the key.

    Of the key in OPENAI_API_KEY only whether it is set is told.

    \b
    fsdb doctor
    fsdb doctor --runs-dir /data/runs --json

    Exit code 0 if a run would work, else 1.
    """
    from fsdb.report.doctor import FAILED, examine

    findings = []
    for finding in examine(runs_dir):
        findings.append(finding)
        if not as_json:
            mark, colour = _MARKS[finding.state]
            click.echo(f"{click.style(mark, fg=colour)}  {safe(finding.name)}: {safe(finding.found)}")
            if finding.cure:
                click.echo(f"        {safe(finding.cure)}")
    works = all(finding.state != FAILED for finding in findings)
    if as_json:
        print_json({"works": works, "findings": [asdict(finding) for finding in findings]})
    else:
        click.echo("A run would work: fsdb run bin_packing" if works else "A run would not work here yet.")
    click.get_current_context().exit(0 if works else 1)
