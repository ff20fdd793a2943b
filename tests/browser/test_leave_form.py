"""The leave form with something wrong, with the keyboard alone, and pressed twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.window import DESK, PHONE, Window
from tests.kill.evidence import evidence
from tests.kill.server import PASSWORD, Server

SENIOR = "senior@example.org"
MOST_TABS = 60
EITHER_SIZE = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
EITHER_WAY = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without-javascript"])


@EITHER_WAY
@EITHER_SIZE
def test_a_form_with_something_wrong_says_so_above_and_at_the_field_and_keeps_what_was_typed(
    size: tuple[int, int], javascript: bool, window: Callable[..., Window], week: date
) -> None:
    person = window(SENIOR, size=size, javascript=javascript)
    person.go("/leave/")
    person.fill(end_date=week.isoformat(), reason="My sister’s wedding")
    person.press("Ask for leave")

    summary = person.main.locator(".error-summary")
    expect(summary).to_be_visible()
    first_day = person.main.locator('[name="start_date"]')
    expect(first_day).to_have_attribute("aria-invalid", "true")
    expect(person.main.locator('[name="end_date"]')).to_have_value(week.isoformat())
    expect(person.main.locator('[name="reason"]')).to_have_value("My sister’s wedding")
    if javascript:
        expect(summary).to_be_focused()
        person.page.keyboard.press("Tab")
        person.page.keyboard.press("Enter")
        expect(first_day).to_be_focused()

    person.fill(start_date=week.isoformat())
    person.press("Ask for leave")
    assert "My sister’s wedding" in person.text


@EITHER_SIZE
def test_signing_in_and_asking_for_leave_needs_no_mouse(
    size: tuple[int, int], window: Callable[..., Window], week: date
) -> None:
    person = window(size=size)
    page, keys = person.page, person.page.keyboard
    person.go("/sign-in")
    tab_to(person, person.main.locator('[name="email"]'))
    keys.type(SENIOR)
    tab_to(person, person.main.locator('[name="password"]'))
    keys.type(PASSWORD)
    with page.expect_navigation():
        keys.press("Enter")
    tab_to(person, page.get_by_role("link", name="Leave", exact=True).locator("visible=true").first)
    with page.expect_navigation():
        keys.press("Enter")
    for name in ("start_date", "end_date"):
        tab_to(person, person.main.locator(f'[name="{name}"]'))
        keys.type(week.strftime("%d%m%Y"))
    tab_to(person, person.main.get_by_role("button", name="Ask for leave", exact=True))
    with page.expect_navigation():
        keys.press("Enter")
    person.look()
    assert "Takes 1 day" in person.text


@EITHER_WAY
def test_pressing_twice_asks_once(javascript: bool, window: Callable[..., Window], server: Server, week: date) -> None:
    person = window(SENIOR, javascript=javascript)
    sent: list[str] = []
    person.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    person.go("/leave/")
    person.fill(start_date=week.isoformat(), end_date=(week + timedelta(days=1)).isoformat())
    person.main.get_by_role("button", name="Ask for leave", exact=True).dblclick()
    person.page.wait_for_url("**/leave/*/")
    person.look()

    assert "Takes 2 days" in person.text
    assert len(sent) == 1 or not javascript
    with evidence(server.database) as found:
        assert found.one("SELECT count(*) FROM leave_request WHERE start_date = ?", week.isoformat()) == 1


def tab_to(person: Window, target: Locator) -> None:
    """Press Tab until the target has the focus; each stop on the way must be in sight."""
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        person.page.keyboard.press("Tab")
        hidden = person.page.evaluate(
            """() => {
                const box = document.activeElement.getBoundingClientRect();
                const seen = box.width && box.height && box.bottom > 0 && box.top < innerHeight
                    && box.right > 0 && box.left < innerWidth;
                return seen ? null : document.activeElement.outerHTML.slice(0, 120);
            }"""
        )
        assert hidden is None, f"out of sight, and focused: {hidden}"
    raise AssertionError(f"Tab does not lead to {target}")
