"""Somebody rings in sick, is back, and is talked with; on a desk, and on a phone without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.browser.window import DESK, PHONE, Size, Window
from tests.kill.server import reason_not_available
from tests.support import browser

REASON = browser.reason_not_available() or reason_not_available()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(REASON is not None, reason=str(REASON))]


@dataclass(frozen=True)
class Walk:
    """Who walks the road, and with what."""

    size: Size
    javascript: bool
    reporter: str
    carer: str
    name: str
    manager: str

    def __str__(self) -> str:
        return f"{self.size[0]}px{'' if self.javascript else '-without-javascript'}"


WALKS = (
    Walk(DESK, True, "senior@example.org", "carer@example.org", "Anna Boyd", "manager@example.org"),
    Walk(PHONE, False, "manager2@example.org", "carer2@example.org", "Dan Fraser", "manager2@example.org"),
)


@pytest.mark.parametrize("walk", WALKS, ids=str)
def test_somebody_is_reported_off_sick_comes_back_and_is_talked_with(walk: Walk, window: Callable[..., Window]) -> None:
    def opened(email: str) -> Window:
        return window(email, size=walk.size, javascript=walk.javascript)

    reporter = opened(walk.reporter)
    reporter.go("/")
    reporter.follow("Report somebody off")
    reporter.press("Report it")
    assert "Choose who is not there." in reporter.text
    reporter.main.get_by_label("Who").select_option(label=walk.name)
    reporter.fill(reason="A slipped disc")
    reporter.press("Report it")
    assert f"{walk.name}: off sick" in reporter.text
    where = reporter.page.url

    carer = opened(walk.carer)
    carer.go(where)
    assert "A slipped disc" in carer.text
    assert carer.main.get_by_role("button").count() == 0

    manager = opened(walk.manager)
    manager.go("/absences/")
    manager.follow(walk.name)
    manager.press("They are back")
    assert "Talk is due" in manager.text
    manager.fill(note="Lifts nothing for a week")
    manager.press("The talk is done")
    assert "They can be planned for shifts again." in manager.text


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without-javascript"])
def test_somebody_says_when_they_can_work(window: Callable[..., Window], javascript: bool) -> None:
    carer = window("carer@example.org", size=PHONE, javascript=javascript)
    carer.go("/")
    carer.follow("When can you work?")
    times = carer.main.get_by_role("group", name="Time 1")
    times.get_by_label("Day").select_option(label="Sunday")
    carer.press("Save these weeks")
    assert "Sunday, all day: cannot work" in carer.text
    carer.press("Remove")
    assert "Nothing said yet" in carer.text
