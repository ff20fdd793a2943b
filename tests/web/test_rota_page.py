"""The week of a home on a page: its shifts, what is lacking, who is away; copying it, publishing it, open shifts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from time import perf_counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.rota import shift_changes
from flowapp.rota.demand import changes as demand_changes
from flowapp.rota.demand.changes import NeedPlan
from flowapp.rota.homes import CareHome
from flowapp.rota.leave_decisions import approve
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.staff import JobRole
from flowapp.rota.units import UnitKind, add_unit
from flowapp.rota.week.week import week_of
from flowapp.web.rota.asked import Asked
from flowapp.web.rota.grid import grid
from tests.cast import Cast
from tests.factories import a_shift, cause_of, leave_asked
from tests.support.page import PageClient
from tests.support.statements import heard
from tests.support.visitors import sign_in

MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)
WEEK = "/rota/?week=2026-W50"


def does(flow: Flow, who: Person, fn: Callable[[Session, Any], Any]) -> Any:
    """Write as somebody does, now."""
    cause = cause_of(who, flow.clock.now())
    return flow.database.write(lambda session: fn(session, cause))


def unit(flow: Flow, cast: Cast, name: str) -> int:
    """Add a unit to Rose House."""
    make = {"home_id": cast.rose, "name": name, "kind": UnitKind.STANDARD, "beds": 16}
    return int(does(flow, cast.ada, lambda s, c: add_unit(s, c, **make).id))


def needs(flow: Flow, cast: Cast, **given: Any) -> int:
    """Say that Rose House needs carers on a long day."""
    plan = NeedPlan(
        **{"unit_id": None, "name": "long day", "role": JobRole.CARER, "weekdays": ("mon",), "start": time(8),
           "end": time(20), "fewest": 1} | given
    )  # fmt: skip
    return int(does(flow, cast.maya, lambda s, c: demand_changes.create(s, c, cast.maya, home_id=cast.rose, plan=plan)))


def plans(flow: Flow, cast: Cast, **given: Any) -> int:
    """Plan a shift as Maya does."""
    staff_id = given.pop("staff_id", None)
    plan = ShiftPlan(
        **{"unit_id": None, "role": JobRole.CARER, "date": MONDAY, "start": time(8), "end": time(20)} | given
    )
    create = {"home_id": cast.rose, "plan": plan, "staff_id": staff_id}
    return int(does(flow, cast.maya, lambda s, c: shift_changes.create(s, c, cast.maya, **create)))


def cells(page: PageClient, where: str) -> list[str]:
    """Answer the words of each day of a row."""
    row = next(each for each in page.soup.select(".rota tr") if each.th.get_text(strip=True) == where)
    return [" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")]


def test_a_manager_sees_who_works_where_and_who_is_missing(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    rowan = unit(flow, cast, "Rowan")
    needs(flow, cast, unit_id=rowan, fewest=3, role=JobRole.CARE_ASSISTANT)
    plans(flow, cast, unit_id=rowan, staff_id=cast.dan.staff_id)
    plans(flow, cast, unit_id=rowan, date=TUESDAY)
    as_maya.get(WEEK)
    monday, tuesday, *others = cells(as_maya, "Rowan")
    assert monday == (
        "08:00–20:00 Dan Carer Not published Needs 3 more care assistants for the long day "
        "Plan a shift, Rowan, Monday 7 December 2026"
    )
    assert tuesday == "08:00–20:00 Nobody yet Carer Not published Plan a shift, Rowan, Tuesday 8 December 2026"
    assert all(each.startswith("Plan a shift, Rowan") for each in others)
    assert cells(as_maya, "Hours")[:3] == ["12 hours", "12 hours", "0 hours"]
    assert "2 shifts, 24 hours; 1 open, 1 gap; 2 not published yet." in as_maya.text


def test_somebody_who_has_such_a_shift_fills_a_gap_and_a_learner_does_not(
    as_maya: PageClient, flow: Flow, cast: Cast
) -> None:
    needs(flow, cast)
    shift = plans(flow, cast, staff_id=cast.dan.staff_id)
    as_maya.get(WEEK)
    assert "Needs" not in as_maya.text
    does(flow, cast.maya, lambda s, c: shift_changes.update(s, c, cast.maya, shift, kind="supernumerary"))
    as_maya.get(WEEK)
    assert "Needs 1 more carer for the long day" in cells(as_maya, "Whole home")[0]


def test_what_was_needed_once_or_will_be_later_is_no_gap_now(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    needs(flow, cast, valid_to=MONDAY - timedelta(days=1))
    needs(flow, cast, valid_from=TUESDAY)
    as_maya.get(WEEK)
    assert "Needs" not in as_maya.text
    needs(flow, cast, valid_from=MONDAY, valid_to=MONDAY)
    as_maya.get(WEEK)
    assert "Needs 1 more carer" in as_maya.text


def test_a_carer_sees_what_is_published_and_neither_gaps_nor_names_of_who_is_away(
    as_dan: PageClient, flow: Flow, cast: Cast
) -> None:
    needs(flow, cast, fewest=5)
    a_shift(flow, cast.maya, cast.rose, day=MONDAY, staff=cast.sorcha)
    a_shift(flow, cast.maya, cast.rose, day=TUESDAY, staff=cast.dan, published=True)
    leave_asked(flow, cast.sorcha, start=date(2026, 12, 9))
    as_dan.get(WEEK)
    assert cells(as_dan, "Whole home")[:2] == ["No shift", "08:00–20:00 Dan Carer Say that you have seen it"]
    assert cells(as_dan, "Away")[2] == "1 person"
    for hidden in ("Sorcha", "Needs", "Plan a shift", "Copy the week", "Publish"):
        assert hidden not in as_dan.text


def test_another_homes_rota_does_not_exist(as_vic: PageClient, as_dan: PageClient, cast: Cast) -> None:
    as_vic.get("/rota/?home=ROSE", status=404)
    as_dan.get("/rota/?home=NONE", status=404)


def test_who_is_away_stands_below_each_day(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    leave = leave_asked(flow, cast.dan, start=MONDAY, end=TUESDAY)
    leave_asked(flow, cast.sorcha, start=TUESDAY)
    does(flow, cast.maya, lambda s, c: approve(s, c, cast.maya, leave))
    as_maya.get(WEEK)
    assert cells(as_maya, "Away")[:3] == ["Dan", "Dan Sorcha (asked for)", "· Nobody"]


@pytest.mark.parametrize(
    ("week", "day", "hours", "words"),
    [
        ("2027-W12", date(2027, 3, 27), "11 hours", "11 hours: clocks go forward"),
        ("2027-W43", date(2027, 10, 30), "13 hours", "13 hours: clocks go back"),
        ("2027-W20", date(2027, 5, 22), "12 hours", None),
    ],
)
def test_a_night_on_which_the_clocks_change_says_so(
    as_maya: PageClient, flow: Flow, cast: Cast, week: str, day: date, hours: str, words: str | None
) -> None:
    plans(flow, cast, date=day, start=time(20), end=time(8))
    as_maya.get(f"/rota/?week={week}")
    saturday = cells(as_maya, "Whole home")[5]
    assert (words or "20:00–08:00 Nobody yet Carer Not published") in saturday
    assert ("clocks" in saturday) == (words is not None)
    assert cells(as_maya, "Hours")[5] == hours
    assert ("Clocks change in the night" in as_maya.text) == (words is not None)


def test_one_goes_from_week_to_week_and_a_day_finds_its_week(as_maya: PageClient) -> None:
    as_maya.get(WEEK)
    ways = {link.get_text(strip=True): link["href"] for link in as_maya.soup.select('nav[aria-label="Weeks"] a')}
    assert list(ways) == ["30 November to 6 December 2026", "This week", "14 to 20 December 2026"]
    as_maya.get(str(ways["14 to 20 December 2026"]))
    assert as_maya.soup.h1.get_text() == "Rota, 14 to 20 December 2026"
    as_maya.get("/rota/?day=2027-01-01")
    assert as_maya.soup.h1.get_text() == "Rota, 28 December 2026 to 3 January 2027"


@pytest.mark.parametrize("asked", ["week=2026-W54", "week=2026-W00", "week=x", "day=2026-13-01", "week=9999-W52"])
def test_a_week_that_there_is_not_is_told_in_words(as_maya: PageClient, asked: str) -> None:
    as_maya.get(f"/rota/?{asked}", status=422)
    assert "There is a problem" in as_maya.text


def test_on_a_phone_one_day_is_a_list_with_the_others_a_tap_away(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    plans(flow, cast, date=TUESDAY, staff_id=cast.dan.staff_id)
    as_maya.get(f"{WEEK}&day=2026-12-08")
    listed = as_maya.soup.select_one(".rota-day")
    assert listed.h2.get_text() == "Tuesday 8 December 2026"
    assert [each.get_text(strip=True) for each in listed.select(".shift__who")] == ["Dan"]
    assert len(listed.select(".rota-day__tab")) == 7
    as_maya.get("/rota/")
    assert as_maya.soup.select_one(".rota-day h2").get_text() == "Monday 23 November 2026, today"


def test_the_week_before_is_copied_from_the_page_once(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    plans(flow, cast, date=MONDAY - timedelta(days=7), staff_id=cast.dan.staff_id)
    as_maya.get(WEEK)
    form = {
        field["name"]: field["value"] for field in as_maya.soup.select('form[action="/rota/copy"] input[type=hidden]')
    }
    for _ in range(2):  # pressed twice
        as_maya.post("/rota/copy", form | {"as": "same"}, status=303)
    as_maya.get(WEEK)
    assert cells(as_maya, "Whole home")[0].startswith("08:00–20:00 Dan Carer Not published Plan a shift")
    assert "1 shift was copied, 1 of them with the same people." in as_maya.text


def test_a_week_is_published_after_its_gaps_were_shown(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    needs(flow, cast, fewest=2)
    plans(flow, cast, staff_id=cast.dan.staff_id)
    as_maya.get(WEEK)
    as_maya.get("/rota/publish/?week=2026-W50&home=ROSE")
    assert "Needs 1 more carer for the long day (08:00 to 20:00), whole home" in as_maya.text
    assert as_maya.soup.select_one("#reason") is None
    form = {f["name"]: f["value"] for f in as_maya.soup.select('form[action="/rota/publish/"] input[type=hidden]')}
    as_maya.post("/rota/publish/", form, status=303)
    as_maya.get(WEEK)
    assert "1 shift is published." in as_maya.text
    as_maya.get("/rota/publish/?week=2026-W50&home=ROSE")
    assert "Nothing to publish" in as_maya.text


def test_a_week_with_somebody_on_leave_is_published_with_a_reason_only(
    as_maya: PageClient, flow: Flow, cast: Cast
) -> None:
    plans(flow, cast, staff_id=cast.dan.staff_id)
    leave = leave_asked(flow, cast.dan, start=MONDAY)
    does(flow, cast.maya, lambda s, c: approve(s, c, cast.maya, leave))
    as_maya.get("/rota/publish/?week=2026-W50&home=ROSE")
    assert "Dan has approved leave on 7 December 2026, and has the shift on 7 December 2026 from 08:00." in as_maya.text
    form = {f["name"]: f["value"] for f in as_maya.soup.select('form[action="/rota/publish/"] input[type=hidden]')}
    as_maya.post("/rota/publish/", form | {"reason": " "}, status=422)
    assert "say why the week is published all the same" in as_maya.text
    as_maya.post("/rota/publish/", form | {"reason": "He offered to come."}, status=303)


def test_open_shifts_come_soonest_first_and_carers_see_the_published_ones(
    as_maya: PageClient, as_dan: PageClient, flow: Flow, cast: Cast
) -> None:
    a_shift(flow, cast.maya, cast.rose, day=TUESDAY, published=True)
    a_shift(flow, cast.maya, cast.rose, day=MONDAY)
    a_shift(flow, cast.maya, cast.rose, day=MONDAY, staff=cast.dan)
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 22))  # more than four weeks ahead
    a_shift(flow, cast.erin, cast.elm, day=MONDAY, published=True)

    def listed(page: PageClient) -> list[str]:
        page.get("/rota/open/")
        return [
            row.th.get_text(strip=True) if row.th else row.td.get_text(strip=True)
            for row in page.soup.select("tbody tr")
        ]

    assert listed(as_maya) == ["Mon 7 Dec", "Tue 8 Dec"]
    assert listed(as_dan) == ["Tue 8 Dec"]


def test_when_everything_is_taken_the_page_says_what_to_do_next(app: Flask, flow: Flow, cast: Cast) -> None:
    for who, words in ((cast.dan, "once your manager has published them"), (cast.maya, "as soon as they are planned")):
        page = sign_in(app, flow, who)
        page.get("/rota/open/")
        assert words in page.text


def test_a_week_takes_five_questions_and_little_time_however_much_is_planned(
    app: Flask, flow: Flow, cast: Cast
) -> None:
    rowan = unit(flow, cast, "Rowan")
    needs(flow, cast, unit_id=rowan, fewest=20)
    for number in range(7 * 11):
        plans(flow, cast, unit_id=rowan, date=MONDAY + timedelta(days=number % 7))

    with flow.database.read() as session, app.test_request_context("/rota/"):
        home = session.get_one(CareHome, cast.rose)
        asked = Asked(home=home, homes=(home,), week=week_of(MONDAY), today=MONDAY, typed="")
        grid(session, cast.maya, asked, "")  # the statements are compiled at the first use
        with heard(session) as seen:
            began = perf_counter()
            found = grid(session, cast.maya, asked, "")
            took = perf_counter() - began
    assert (found.shifts, len(seen)) == (77, 5), "\n".join(seen)
    assert took < 0.1
