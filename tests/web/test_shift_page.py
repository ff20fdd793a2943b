"""One shift on pages: planned, seen, changed, moved, cancelled, acknowledged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.rota.shift_reading import PlannedShift, shift_as_it_is
from flowapp.rota.shift_templates.template import ShiftTemplate
from flowapp.rota.shifts import Shift, ShiftKind, WorkingTime
from tests.cast import Cast
from tests.factories import a_shift
from tests.support.page import PageClient

MONDAY = date(2026, 12, 7)
TYPED = {"date": "2026-12-07", "role": "SCW", "start": "08:00", "end": "20:00", "unpaid_break_minutes": "60",
         "how_many": "1"}  # fmt: skip


def shift(flow: Flow, number: int) -> PlannedShift:
    """Read a shift."""
    with flow.database.read() as session:
        return shift_as_it_is(session, number)


def numbers(flow: Flow) -> list[int]:
    """Answer the number of every shift."""
    with flow.database.read() as session:
        return list(session.scalars(select(Shift.id).order_by(Shift.id)))


def form(page: PageClient, url: str, action: str) -> dict[str, Any]:
    """Open a page, and answer what its form sends besides what is typed."""
    page.get(url)
    fields = page.soup.select(f'form[action="{action}"] input[type=hidden]')
    return {field["name"]: field["value"] for field in fields}


def test_a_shift_is_planned_from_a_template_and_shown(as_maya: PageClient, flow: Flow) -> None:
    with flow.database.read() as session:
        sleep_in = session.scalars(select(ShiftTemplate.id).filter_by(code="SI")).one()
    hidden = form(as_maya, "/shifts/new/?date=2026-12-07&home=ROSE", "/shifts/new/")
    assert as_maya.soup.select_one("#date")["value"] == "2026-12-07"
    typed = {"date": "2026-12-07", "role": "SCA", "template": str(sleep_in), "how_many": "1", "skills": "MEDS, FIRE"}
    as_maya.post("/shifts/new/", hidden | typed, status=303)
    made = shift(flow, 1)
    assert (made.start_local, made.end_local, made.hours, made.working_time, made.skills) == (
        "22:00", "07:00", 9, WorkingTime.SLEEP_IN, ["MEDS", "FIRE"])  # fmt: skip
    as_maya.get("/shifts/1/")
    for words in ("Care assistant, Monday 7 December 2026", "Nobody yet", "Not published", "Maya planned it"):
        assert words in as_maya.text


def test_what_is_typed_goes_before_what_the_template_says(as_maya: PageClient, flow: Flow) -> None:
    with flow.database.read() as session:
        training = session.scalars(select(ShiftTemplate.id).filter_by(code="TR")).one()
    hidden = form(as_maya, "/shifts/new/", "/shifts/new/")
    as_maya.post("/shifts/new/", hidden | TYPED | {"template": str(training), "start": "10:00", "end": ""}, status=303)
    made = shift(flow, 1)
    assert (made.start_local, made.end_local, made.kind) == ("10:00", "16:30", ShiftKind.TRAINING)


def test_two_people_alike_are_two_shifts_and_pressing_twice_plans_no_more(as_maya: PageClient, flow: Flow) -> None:
    hidden = form(as_maya, "/shifts/new/", "/shifts/new/")
    for _ in range(2):
        as_maya.post("/shifts/new/", hidden | TYPED | {"how_many": "2"}, status=303)
    assert numbers(flow) == [1, 2]
    as_maya.post("/shifts/new/", hidden | TYPED | {"how_many": "3"}, status=422)
    assert "This form was sent before" in as_maya.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"date": ""}, "date"),
        ({"date": "2026-02-30"}, "date"),
        ({"start": ""}, "start"),
        ({"start": "08:00", "end": "08:00"}, "end"),  # a whole day
        ({"unpaid_break_minutes": "-5"}, "unpaid_break_minutes"),
        ({"role": "KING"}, "role"),
        ({"unit": "999"}, "unit"),
        ({"unit": "x" * 400}, "unit"),
        ({"kind": "holiday"}, "kind"),
        ({"how_many": "11"}, "how_many"),
        ({"how_many": "9" * 400}, "how_many"),
        ({"skills": "a+b"}, "skills"),
        ({"notes": "x" * 2001}, "notes"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(as_maya: PageClient, flow: Flow, wrong: dict[str, str], field: str) -> None:
    hidden = form(as_maya, "/shifts/new/", "/shifts/new/")
    as_maya.post("/shifts/new/", hidden | TYPED | wrong, status=422)
    assert as_maya.soup.select_one(f"#{field}-error") is not None
    assert numbers(flow) == []


def test_a_shift_is_changed_and_its_history_says_from_what_to_what(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    number = a_shift(flow, cast.maya, cast.rose, day=MONDAY, staff=cast.dan, published=True)
    as_maya.get(f"/shifts/{number}/change/")
    assert "Dan is told, and asked again to say that they have seen it." in as_maya.text
    hidden = form(as_maya, f"/shifts/{number}/change/", f"/shifts/{number}/change/")
    typed = TYPED | {"start": "09:00", "kind": "regular", "working_time": "full", "unpaid_break_minutes": "0"}
    as_maya.post(f"/shifts/{number}/change/", hidden | typed, status=303)
    assert shift(flow, number).start_local == "09:00"
    as_maya.get(f"/shifts/{number}/")
    assert "Maya changed it: start “08:00” to “09:00”" in as_maya.text
    as_maya.post(f"/shifts/{number}/change/", hidden | typed | {"start": "10:00"}, status=409)
    assert "Somebody changed this before you did" in as_maya.text
    assert as_maya.soup.select_one("#start")["value"] == "10:00"


def test_a_shift_moves_to_another_day_unless_whoever_has_it_is_busy_then(
    as_maya: PageClient, flow: Flow, cast: Cast
) -> None:
    number = a_shift(flow, cast.maya, cast.rose, day=MONDAY, staff=cast.dan)
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 9), staff=cast.dan)
    move = f"/shifts/{number}/move"
    as_maya.post(move, form(as_maya, f"/shifts/{number}/", move) | {"date": "2026-12-09"}, status=409)
    assert "Dan already works at Rose House from 08:00 to 20:00 on 9 December 2026" in as_maya.text
    as_maya.post(move, form(as_maya, f"/shifts/{number}/", move) | {"date": "2026-12-08"}, status=303)
    assert shift(flow, number).local_date == date(2026, 12, 8)


def test_a_shift_is_cancelled_with_a_reason(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    number = a_shift(flow, cast.maya, cast.rose, day=MONDAY)
    cancel = f"/shifts/{number}/cancel/"
    hidden = form(as_maya, cancel, cancel)
    as_maya.post(cancel, hidden | {"reason": ""}, status=422)
    assert "Say why the shift is not needed any more." in as_maya.text
    as_maya.post(cancel, hidden | {"reason": "The home is quiet"}, status=303)
    as_maya.get(f"/shifts/{number}/")
    assert "Why it was cancelled The home is quiet" in as_maya.text
    assert as_maya.soup.select_one(f'a[href="{cancel}"]') is None
    as_maya.post(cancel, hidden | {"reason": "Again"}, status=409)


def test_whoever_has_a_shift_says_on_its_page_that_they_have_seen_it(
    as_dan: PageClient, as_maya: PageClient, flow: Flow, cast: Cast
) -> None:
    number = a_shift(flow, cast.maya, cast.rose, day=MONDAY, staff=cast.dan, published=True)
    as_dan.get(f"/shifts/{number}/")
    assert "Maya planned it" not in as_dan.text
    say = f"/shifts/{number}/acknowledge"
    as_dan.post(say, form(as_dan, f"/shifts/{number}/", say), status=303)
    as_dan.get(f"/shifts/{number}/")
    assert "It is noted that you have seen this shift." in as_dan.text
    assert as_dan.soup.select_one(f'form[action="{say}"]') is None
    as_maya.get(f"/shifts/{number}/")
    assert "Seen by whoever has it Monday 23 November 2026, 09:00" in as_maya.text
    assert "Dan has seen it" in as_maya.text


def test_a_shift_that_is_not_published_does_not_exist_for_a_carer(
    as_dan: PageClient, as_vic: PageClient, flow: Flow, cast: Cast
) -> None:
    draft = a_shift(flow, cast.maya, cast.rose, day=MONDAY, staff=cast.dan)
    as_dan.get(f"/shifts/{draft}/", status=404)
    shown = a_shift(flow, cast.maya, cast.rose, day=MONDAY, published=True)
    as_dan.get(f"/shifts/{shown}/")
    as_vic.get(f"/shifts/{shown}/", status=404)
