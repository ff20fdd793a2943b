"""A real Chromium for the tests that only a browser can answer."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # containers that run tests as root allow no other way
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe-4.14.1.min.js"


def chromium() -> str | None:
    """Answer where Chromium is, or None."""
    return CHROMIUM if Path(CHROMIUM).is_file() else shutil.which("chromium")


def reason_not_available() -> str | None:
    """Say why there can be no browser tests here, or None when there can."""
    if importlib.util.find_spec("playwright") is None:
        return "Playwright is not installed: run `make test`, which installs requirements-dev.txt."
    if chromium() is None:
        return f"Chromium is not at {CHROMIUM}: run bin/install-chromium as root, or apt-get install chromium."
    return None


@contextmanager
def launch() -> Iterator[Browser]:
    """Start Chromium, and stop it at the end; starting takes a second, so keep one for a whole module."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def axe(page: Page, *, within: str | None = None) -> list[str]:
    """Answer what axe-core finds hard to use for people with disabilities, a line per place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("within => axe.run(within || document, {resultTypes: ['violations']})", within)
    return [_violation(rule, node) for rule in found["violations"] for node in rule["nodes"]]


def _violation(rule: dict[str, Any], node: dict[str, Any]) -> str:
    summary = " ".join(str(node.get("failureSummary", "")).split())
    return f"{rule['id']} ({rule['impact']}): {rule['help']}. {node['html'][:160]} {summary}"


def no_sideways_scroll(page: Page) -> None:
    """Make sure the page fits the window's width; raises AssertionError naming what sticks out."""
    found = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const wide = [...document.body.querySelectorAll('*')]
                .filter(element => element.getBoundingClientRect().right > width + 1)
                .map(element => element.cloneNode(false).outerHTML.slice(0, 120));
            return wide.length ? wide : ['the page itself'];
        }"""
    )
    if found:
        raise AssertionError("The page scrolls sideways because of:\n- " + "\n- ".join(map(str, found)))
