"""The browser's two questions can be answered with no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support import browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(browser.reason_not_available() is not None, reason=str(browser.reason_not_available())),
]

HEAD = "<!doctype html><html lang='en-GB'><head><title>Leave</title></head><body><main><h1>Leave</h1>"


@pytest.fixture(scope="module")
def window() -> Iterator[Page]:
    with browser.launch() as chromium:
        yield chromium.new_page(viewport={"width": 375, "height": 700})


def test_axe_finds_a_field_without_a_label_and_nothing_in_a_good_page(window: Page) -> None:
    window.set_content(f"{HEAD}<input name='days'></main></body></html>")
    assert [line.split(" ")[0] for line in browser.axe(window)] == ["label"]
    window.set_content(f"{HEAD}<label>Days <input name='days'></label></main></body></html>")
    assert browser.axe(window) == []


def test_what_sticks_out_to_the_right_is_named(window: Page) -> None:
    window.set_content(f"{HEAD}<p>Short</p></main></body></html>")
    browser.no_sideways_scroll(window)
    window.set_content(f"{HEAD}<p id='long'>{'x' * 200}</p><hr width='900'></main></body></html>")
    with pytest.raises(AssertionError, match="<hr"):
        browser.no_sideways_scroll(window)
