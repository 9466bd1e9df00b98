"""The page in a real browser, with the network off: every section filled, every chart drawn, no error."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def browser(real_page: str, hostile_page: str) -> Iterator[Any]:
    """A browser, once the pages are made: while it runs, no event loop can run in this thread."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        # Without a sandbox of its own, for it runs as root in containers; the page is ours, and offline.
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize("which", ["real_page", "hostile_page"])
def test_a_page_opens(
    which: str, width: int, scheme: str, browser: Any, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_text(request.getfixturevalue(which), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True, service_workers="block"
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda asked: asked.url.startswith("file:") or said.append(f"asked for {asked.url}"))
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_function(
        "document.querySelectorAll('figure[data-chart]').length"
        " === document.querySelectorAll('figure[data-drawn]').length",
        timeout=30_000,
    )
    assert said == []
    assert page.evaluate("typeof window.owned") == "undefined"
    assert page.evaluate("[...document.querySelectorAll('section')].every(s => s.innerText.length > 80)")
    drawn = page.evaluate(
        "[...document.querySelectorAll('.plot svg')].map(s => s.getBoundingClientRect().width)"
    )
    assert drawn
    assert all(200 < each <= width for each in drawn)
    # Nothing is wider than the screen: what is wide scrolls by itself.
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_page_prints(browser: Any, real_page: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(real_page, encoding="utf-8")
    page = browser.new_page(color_scheme="dark")
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_function("document.querySelector('figure[data-drawn]')")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert page.pdf().startswith(b"%PDF")
