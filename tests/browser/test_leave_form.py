"""The leave form with something wrong, with the keyboard alone, and pressed twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from flowapp.rota.leave import LeaveRequest
from tests.browser.window import DESK, PHONE, Size, Window
from tests.kill.server import PASSWORD, Server, reason_not_available
from tests.kill.waiting import until
from tests.support import browser
from tests.support.databases import looking_into

if TYPE_CHECKING:
    from playwright.sync_api import Locator

REASON = browser.reason_not_available() or reason_not_available()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(REASON is not None, reason=str(REASON))]
SENIOR = "senior@example.org"
MOST_TABS = 60
EITHER_SIZE = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
EITHER_WAY = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without-javascript"])


@EITHER_WAY
@EITHER_SIZE
def test_a_form_with_something_wrong_says_so_above_and_at_the_field_and_keeps_what_was_typed(
    size: Size, javascript: bool, window: Callable[..., Window], week: date
) -> None:
    person = window(SENIOR, size=size, javascript=javascript)
    person.go("/leave/")
    person.fill(end_date=week.isoformat(), reason="My sister’s wedding")
    person.press("Ask for leave")

    summary, first_day = person.main.locator(".error-summary"), field(person, "start_date")
    assert "Enter the first day" in summary.inner_text()
    assert first_day.get_attribute("aria-invalid") == "true"
    assert field(person, "end_date").input_value() == week.isoformat()
    assert field(person, "reason").input_value() == "My sister’s wedding"
    if javascript:
        assert person.has_focus(summary)
        summary.get_by_role("link").click()
        until(lambda: person.has_focus(first_day), within=5, for_what="the focus at the field")


@EITHER_SIZE
def test_signing_in_and_asking_for_leave_needs_no_mouse(size: Size, window: Callable[..., Window], week: date) -> None:
    person = window(size=size)
    page, keys = person.page, person.page.keyboard
    person.go("/sign-in")
    tab_to(person, field(person, "email"))
    keys.type(SENIOR)
    tab_to(person, field(person, "password"))
    keys.type(PASSWORD)
    with page.expect_event("load"):
        keys.press("Enter")
    tab_to(person, page.get_by_role("link", name="Leave", exact=True).locator("visible=true").first)
    with page.expect_event("load"):
        keys.press("Enter")
    for name in ("start_date", "end_date"):
        tab_to(person, field(person, name))
        type_day(person, field(person, name), week)
    tab_to(person, person.main.get_by_role("button", name="Ask for leave", exact=True))
    with page.expect_event("load"):
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
    with looking_into(server.url) as session:
        asked = select(func.count()).select_from(LeaveRequest).where(LeaveRequest.start_date == week)
        assert session.scalar(asked) == 1


def field(person: Window, name: str) -> Locator:
    return person.main.locator(f'[name="{name}"]')


def type_day(person: Window, field: Locator, day: date) -> None:
    """Type a day into the parts of a date field, which stand in the order of the browser's own language."""
    for order in ("%d%m%Y", "%m%d%Y"):
        person.page.keyboard.type(day.strftime(order))
        if field.input_value() == day.isoformat():
            return
        person.page.keyboard.press("ArrowLeft")
        person.page.keyboard.press("ArrowLeft")
    raise AssertionError(f"typed {day}, and there is {field.input_value()!r}")


def tab_to(person: Window, target: Locator) -> None:
    """Press Tab until the target has the focus; each stop on the way must be in sight."""
    for _ in range(MOST_TABS):
        if person.has_focus(target):
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
