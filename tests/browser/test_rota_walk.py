"""The rota in a browser: a week is published by one person and seen by another, and arrow keys go through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from flowapp.accounts import sessions
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock, SystemClock
from flowapp.kernel.settings import read_settings
from flowapp.rota.demand import changes as demand_changes
from flowapp.rota.demand.changes import NeedPlan
from flowapp.rota.leave_decisions import approve
from flowapp.rota.staff import JobRole
from flowapp.rota.units import UnitKind, add_unit
from tests.browser.window import DESK, PHONE, Size, Window
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.factories import a_shift, cause_of, leave_asked
from tests.kill.server import Server, reason_not_available
from tests.support import browser
from tests.support.databases import Databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REASON = browser.reason_not_available() or reason_not_available()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(REASON is not None, reason=str(REASON))]
WEEKS = {  # by who walks: a week of their own, and its Monday
    "desk": ("2026-W50", date(2026, 12, 7)),
    "phone": ("2026-W51", date(2026, 12, 14)),
    "desk-without-javascript": ("2026-W52", date(2026, 12, 21)),
}
KEYS = ("2027-W02", date(2027, 1, 11))
WRONG = ("2027-W03", date(2027, 1, 18))
Opener = Callable[..., Window]


@dataclass(frozen=True, kw_only=True)
class House:
    """A server with Rose House on it, and a cookie for each who walks."""

    address: str
    cookies: dict[str, str]


def plan_weeks(flow: Flow, cast: Cast) -> None:
    """Give Dan a shift in each week that a test publishes, and let the home need more than there is."""
    cause = cause_of(cast.maya, flow.clock.now())

    def say(session: Session) -> None:
        add_unit(session, cause, home_id=cast.rose, name="Rowan", kind=UnitKind.DEMENTIA, beds=16)
        plan = NeedPlan(
            unit_id=None, name="long day", role=JobRole.CARER, weekdays=("mon",), start=time(8), end=time(20), fewest=3
        )
        demand_changes.create(session, cause, cast.maya, home_id=cast.rose, plan=plan)

    flow.database.write(say)
    for _, monday in (*WEEKS.values(), KEYS, WRONG):
        a_shift(flow, cast.maya, cast.rose, day=monday, staff=cast.dan)
        a_shift(flow, cast.maya, cast.rose, day=monday)
    leave = leave_asked(flow, cast.dan, start=WRONG[1])
    flow.database.write(lambda session: approve(session, cause, cast.maya, leave))


@pytest.fixture(scope="module")
def house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, peopled_tables: tuple[str, Cast]
) -> Iterator[House]:
    """One server for all of them."""
    folder, (tables, cast) = tmp_path_factory.mktemp("rota-walk"), peopled_tables
    databases.copy(tables, url := databases.new_url(folder))
    settings = read_settings(database_url=url, instance=str(folder), testing=True)
    flow = Flow(settings, clock=FrozenClock(MONDAY_MORNING))
    plan_weeks(flow, cast)
    now = SystemClock().now()
    cookies = {
        who.name: flow.database.write(lambda session, who=who: sessions.open(session, who, now))
        for who in (cast.maya, cast.dan)
    }
    flow.close()
    with Server(url, folder=folder) as server:
        yield House(address=server.address, cookies=cookies)


@pytest.fixture
def as_somebody(house: House, chromium: Browser, seen: set[object]) -> Iterator[Opener]:
    """Opens windows in which one of them is signed in."""
    with ExitStack() as opened:

        def open_(name: str, size: Size = DESK, *, javascript: bool = True) -> Window:
            window = Window(chromium, house.address, seen, size=size, javascript=javascript)
            window.context.add_cookies([{"name": "flowapp", "value": house.cookies[name], "url": house.address}])
            return opened.enter_context(window)

        yield open_


@pytest.mark.parametrize("walk", WEEKS)
def test_a_manager_publishes_a_week_and_a_carer_says_that_they_have_seen_their_shift(
    walk: str, as_somebody: Opener
) -> None:
    week, _ = WEEKS[walk]
    how = {"size": PHONE if walk == "phone" else DESK, "javascript": "without" not in walk}
    maya, dan = as_somebody("Maya", **how), as_somebody("Dan", **how)
    dan.go(f"/rota/?week={week}")
    assert "Nothing is published in this week" in dan.text

    maya.go(f"/rota/?week={week}")
    assert "2 not published yet" in maya.text
    maya.follow("Publish this week")
    assert "Needs 2 more carers for the long day (08:00 to 20:00), whole home" in maya.text
    maya.press("Publish this week")
    assert "2 shifts are published." in maya.text

    dan.go("/notifications/")
    assert "You have 1 shift. Please say that you have seen each of them." in dan.text
    dan.go(f"/rota/?week={week}")
    in_sight = ".rota-day" if walk == "phone" else ".rota"
    dan.leave_by(dan.main.locator(f"{in_sight} .shift", has_text="Say that you have seen it"))
    dan.press("I have seen it")
    assert "It is noted that you have seen this shift." in dan.text


def test_a_published_shift_that_is_moved_is_seen_anew(as_somebody: Opener) -> None:
    maya, dan = as_somebody("Maya"), as_somebody("Dan")
    week, monday = WRONG
    maya.go(f"/rota/publish/?week={week}")
    assert "Dan has approved leave on 18 January 2027" in maya.text
    maya.press("Publish this week")
    assert "Somebody cannot work a shift of theirs." in maya.text
    maya.follow("See the shift")
    maya.fill(date=monday.replace(day=19).isoformat())
    maya.press("Move the shift")
    assert "The shift is on Tuesday 19 January 2027 now." in maya.text
    maya.go(f"/rota/publish/?week={week}")
    maya.press("Publish this week")
    dan.go(f"/rota/?week={week}&day=2027-01-19")
    dan.leave_by(dan.main.locator(".rota .shift", has_text="Say that you have seen it"))
    dan.press("I have seen it")
    maya.go(dan.page.url)
    maya.fill(date=monday.replace(day=20).isoformat())
    maya.press("Move the shift")
    dan.go("/notifications/")
    assert "The day of your shift changed. It is on 20 January 2027 from 08:00 to 20:00 now." in dan.text
    dan.go(dan.page.url)


def test_arrow_keys_go_through_the_week(as_somebody: Opener) -> None:
    maya = as_somebody("Maya")
    maya.go(f"/rota/?week={KEYS[0]}")
    cells = maya.main.locator(".rota tbody td")
    first = cells.nth(0).locator("a").first
    first.focus()
    for key, cell, link in (
        ("ArrowDown", 0, 1),  # the second shift of the day
        ("ArrowDown", 0, 2),  # planning one more
        ("ArrowDown", 7, 0),  # the next unit
        ("ArrowRight", 8, 0),
        ("ArrowUp", 1, 0),
        ("End", 6, 0),
        ("ArrowRight", 6, 0),  # the week is over
        ("ArrowLeft", 5, 0),
        ("Home", 0, 0),
        ("ArrowUp", 0, 0),
    ):
        maya.page.keyboard.press(key)
        assert maya.has_focus(cells.nth(cell).locator("a").nth(link)), key
    maya.page.keyboard.press("Enter")
    maya.page.wait_for_url("**/shifts/*/")
    maya.look()
