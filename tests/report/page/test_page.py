"""A run's page: whole, harmless whatever the log holds, and with nothing to load."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib import util
from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.report import page
from fsdb.report.page import render
from tests.report.logs import child, hand_made, write

SECTIONS = (
    "result",
    "course",
    "path",
    "genealogy",
    "islands",
    "failures",
    "operators",
    "selection",
    "diversity",
    "cost",
    "settings",
)


class Reader(HTMLParser):
    """What a browser would make of a page: its elements, its text, its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[str | None, str]] = []
        self.text = ""
        self._script: str | None = ""
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        self._script = dict(attrs).get("type")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append((self._script, data))
        elif self._inside != "style":
            self.text += data


def test_each_section_begins_with_a_question_and_its_answer(real_page: str) -> None:
    for name in SECTIONS:
        found = re.search(
            rf'<section id="r1-{name}".*?<h2>(.*?)</h2>\s*<p class="answer">(.*?)</p>', real_page, re.DOTALL
        )
        assert found is not None, name
        assert found[1].endswith("?")
        assert found[2].endswith(".")


def test_nothing_is_loaded(real_page: str) -> None:
    for tag, attributes in Reader(real_page).elements:
        for name in ("src", "srcset", "data", "action", "background"):
            assert name not in attributes or not tag
        assert (attributes.get("href") or "#").startswith("#")
    css = re.findall(r"<style>(.*?)</style>", real_page, re.DOTALL)
    assert not any("url(" in text or "@import" in text for text in css)
    assert "default-src 'none'" in real_page


def test_specifications_of_charts_are_whole(real_page: str) -> None:
    charts = [json.loads(text) for kind, text in Reader(real_page).scripts if kind == "application/json"]
    assert len(charts) >= 4
    for chart in charts:
        assert chart["width"] == "container"
        assert "url" not in json.dumps(chart.get("data", {}))


def test_hostile_text_is_text(hostile_page: str) -> None:
    read, benign = Reader(hostile_page), None
    executed = [text for kind, text in read.scripts if kind is None]
    assert len(executed) == 2
    assert not any("owned" in text for text in executed)
    assert "img" not in {tag for tag, _ in read.elements}, benign
    assert "window.owned = 1" in read.text
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)
    # Nothing that does not print is left, anywhere; what is meant to be seen is.
    own = hostile_page.replace(executed[0], "")
    assert [c for c in own if not c.isprintable() and c not in "\n\t"] == []
    assert "\\x1b[31m" in read.text
    assert "\\u202eesrever" in read.text
    assert "{{ 7 * 7 }}" in read.text


def test_what_the_charts_hold_cannot_end_their_element(hostile_page: str) -> None:
    for kind, text in Reader(hostile_page).scripts:
        if kind == "application/json":
            assert text.isascii()
            assert not set("<>&") & set(text)


def test_a_run_without_a_score_says_so(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([None, None], status="timeout", error="took 5 s")
    text = render([write(log, tmp_path / "run")])
    assert "no program has a score" in text
    assert 'class="unknown"' in text


def test_a_run_that_has_only_begun_has_a_page(tmp_path: Path) -> None:
    text = render([write(hand_made(tmp_path), tmp_path / "run")])
    assert "No program was made yet" in text


def test_the_smallest_runs_have_pages(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    seed = log.evaluated([-9.0, -9.0])
    assert "Nothing better than the seed program" in render([write(log, tmp_path / "one")])
    child(log, [-9.0, -9.0], [seed])
    assert "Nothing better" in render([write(log, tmp_path / "two")])


def test_a_log_that_lost_its_beginning_has_a_page(real: Path, tmp_path: Path) -> None:
    import shutil

    from fsdb.log import read_files

    copy = tmp_path / "lost"
    shutil.copytree(real, copy)
    if len(read_files(copy)) > 1:
        read_files(copy)[0].path.unlink()
        text = render([copy])
        assert "damaged" in text
        assert "lost its first event" in text


def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = util.find_spec
    monkeypatch.setattr(page.util, "find_spec", lambda name: None if name == "altair" else found(name))
    with pytest.raises(UsageError, match="altair") as caught:
        render([])
    assert caught.value.cure == "pip install 'fsdb[report]'"


def test_several_runs_are_compared_first(real: Path, hostile: Path) -> None:
    text = render([real, hostile])
    assert text.index('id="all-bests"') < text.index('id="r1-result"') < text.index('id="r2-result"')
    assert "2 runs" in text
    assert "window.owned = 1</script>" not in Reader(text).scripts[0][1]
