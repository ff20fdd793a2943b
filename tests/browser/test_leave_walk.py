"""Leave is asked for, decided by a workflow or a manager, and told; on a desk, on a phone, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.browser.window import DESK, PHONE, Size, Window
from tests.kill.server import reason_not_available
from tests.kill.waiting import until
from tests.support import browser

REASON = browser.reason_not_available() or reason_not_available()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(REASON is not None, reason=str(REASON))]

SHORT = "Auto-approve short leave"


@dataclass(frozen=True)
class Walk:
    """Who walks the road, and with what."""

    size: Size
    javascript: bool
    carer: str
    manager: str
    manager_name: str

    def __str__(self) -> str:
        return f"{self.size[0]}px{'' if self.javascript else '-without-javascript'}"


GLENFARROW = ("manager@example.org", "Maya Reid")
STRATHALLOW = ("manager2@example.org", "Iain Lennox")
WALKS = (
    Walk(DESK, True, "carer@example.org", *GLENFARROW),
    Walk(PHONE, True, "carer2@example.org", *STRATHALLOW),
    Walk(DESK, False, "senior@example.org", *GLENFARROW),
    Walk(PHONE, False, "carer2@example.org", *STRATHALLOW),
)


@pytest.mark.parametrize("walk", WALKS, ids=str)
def test_short_leave_is_approved_at_once_and_long_leave_by_the_manager_who_is_told(
    walk: Walk, window: Callable[..., Window], week: date, two_weeks: date
) -> None:
    carer = window(walk.carer, size=walk.size, javascript=walk.javascript)
    _is_approved_at_once_and_the_run_says_why(carer, week)
    request = _waits_for_somebody(carer, two_weeks)

    manager = window(walk.manager, size=walk.size, javascript=walk.javascript)
    until(lambda: has_news(manager, "Leave to decide"), within=10, for_what="the notification")
    manager.look()
    manager.follow("Leave to decide")
    assert manager.page.url == request
    manager.fill(reason="Enjoy it.")
    manager.press("Approve leave")
    assert f"Approved by {walk.manager_name}: Enjoy it." in manager.text

    until(lambda: has_news(carer, "Enjoy it."), within=10, for_what="the answer")
    carer.go(request)
    assert f"Approved by {walk.manager_name}: Enjoy it." in carer.text


def _is_approved_at_once_and_the_run_says_why(carer: Window, monday: date) -> None:
    ask(carer, monday, monday + timedelta(days=1))
    until(lambda: "Approved by" in reloaded(carer), within=10, for_what="the workflow's decision")
    assert f"Approved by the workflow “{SHORT}”: Three days or fewer are approved at once." in carer.text
    assert "Takes 2 days" in carer.text
    carer.follow(SHORT)
    assert "Days requested was 2, which is 3 or fewer." in carer.text
    carer.go("/notifications/")
    assert "Leave approved" in carer.text


def _waits_for_somebody(carer: Window, monday: date) -> str:
    """Ask for Monday to Wednesday, and Monday and Tuesday, and answer the request's address."""
    ask(carer, monday, monday + timedelta(days=8))
    assert "Nobody has decided yet." in carer.text
    assert "Takes 5 days" in carer.text
    return carer.page.url


def ask(carer: Window, first: date, last: date) -> None:
    carer.go("/leave/")
    carer.fill(start_date=first.isoformat(), end_date=last.isoformat())
    carer.press("Ask for leave")


def reloaded(window: Window) -> str:
    window.page.reload()
    return window.text


def has_news(window: Window, words: str) -> bool:
    window.page.goto("/notifications/")
    return words in window.text
