"""Who can take a shift, why somebody cannot, and giving it to them: the pages."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.rota.staff import StaffStatus
from tests.cast import Cast
from tests.factories import leave_asked
from tests.support.page import PageClient
from tests.support.visitors import sign_in
from tests.unit.rota_shifts.rota import Rota, at


@pytest.fixture
def rota(flow: Flow, cast: Cast) -> Rota:
    """The rota of Rose House."""
    return Rota(flow, cast)


def test_the_best_are_first_and_the_others_have_their_reasons(as_maya: PageClient, rota: Rota, cast: Cast) -> None:
    rota.leave(cast.dan, start=date(2026, 12, 7))
    shift_id = rota.plan()

    as_maya.get(f"/shifts/{shift_id}/candidates/")

    for words in ("Carer, Monday 7 December 2026, 08:00 to 20:00.", "2 of 3 people who do this job here can take it.",
                  "Only one thing in the way", "Annual leave from 08:00 to 20:00 on 7 December 2026."):  # fmt: skip
        assert words in as_maya.text
    buttons = [each.get_text().strip() for each in as_maya.soup.select("main button")]
    assert buttons == ["Give it to Maya", "Give it to Sorcha"]


def test_one_press_gives_it_to_somebody(as_maya: PageClient, rota: Rota, cast: Cast) -> None:
    shift_id = rota.plan()
    as_maya.get(f"/shifts/{shift_id}/candidates/")

    as_maya.post(f"/shifts/{shift_id}/give/{cast.dan.staff_id}/", {"version": "1"}, status=303)

    assert rota.shift(shift_id).staff_name == "Dan"
    as_maya.get(f"/shifts/{shift_id}/candidates/")
    assert "Dan has the shift now." in as_maya.text
    assert "Dan has this shift. Take them off it" in as_maya.text
    assert as_maya.soup.select("main form") == []


def test_a_list_that_is_out_of_date_gives_nobody_anything(as_maya: PageClient, rota: Rota, cast: Cast) -> None:
    shift_id = rota.plan()
    rota.update(shift_id, notes="Changed meanwhile")

    as_maya.get(f"/shifts/{shift_id}/candidates/")
    as_maya.post(f"/shifts/{shift_id}/give/{cast.dan.staff_id}/", {"version": "1"}, status=409)

    assert rota.shift(shift_id).staff_id is None


def test_every_rule_is_told_with_what_stands_in_the_way_first(as_maya: PageClient, rota: Rota, cast: Cast) -> None:
    rota.change_member(cast.dan, status=StaffStatus.SUSPENDED)

    as_maya.get(f"/shifts/{rota.plan()}/why/{cast.dan.staff_id}/")

    rules = [each.get_text().strip() for each in as_maya.soup.select(".check__rule")]
    assert (rules[0], len(rules)) == ("At work", 21)
    assert "Not as things are: 1 thing would have to be mended first." in as_maya.text
    assert as_maya.soup.select("main form") == []


def test_what_only_needs_a_reason_is_given_with_one(as_maya: PageClient, rota: Rota, cast: Cast) -> None:
    leave_asked(rota.flow, cast.dan, start=date(2026, 12, 7))
    shift_id = rota.plan()
    why, give = (f"/shifts/{shift_id}/{each}" for each in (f"why/{cast.dan.staff_id}/", f"give/{cast.dan.staff_id}/"))
    as_maya.get(why)
    assert [each["value"] for each in as_maya.soup.select("input[name=overrule]")] == ["E06"]

    as_maya.post(give, {"version": "1", "overrule": "E06", "reason": " "}, status=422)
    assert "Say why they are to work it all the same." in as_maya.text
    as_maya.post(give, {"version": "1", "overrule": "E06", "reason": "He moves his leave"}, status=303)

    assert rota.shift(shift_id).staff_name == "Dan"


def test_what_came_up_since_the_page_was_read_is_told(as_maya: PageClient, rota: Rota, cast: Cast) -> None:
    shift_id = rota.plan()
    as_maya.get(f"/shifts/{shift_id}/why/{cast.dan.staff_id}/")
    leave_asked(rota.flow, cast.dan, start=date(2026, 12, 7))

    as_maya.post(f"/shifts/{shift_id}/give/{cast.dan.staff_id}/", {"version": "1"}, status=422)

    assert "Dan has asked for annual leave" in as_maya.text
    assert rota.shift(shift_id).staff_id is None


def test_a_senior_gives_shifts_but_passes_over_nothing(app: Flask, rota: Rota, cast: Cast) -> None:
    as_sorcha = sign_in(app, rota.flow, cast.sorcha)
    leave_asked(rota.flow, cast.dan, start=date(2026, 12, 7))
    shift_id = rota.plan()
    as_sorcha.get(f"/shifts/{shift_id}/why/{cast.dan.staff_id}/")
    assert as_sorcha.soup.select("main form") == []

    sent = {"version": "1", "overrule": "E06", "reason": "He moves his leave"}
    as_sorcha.post(f"/shifts/{shift_id}/give/{cast.dan.staff_id}/", sent, status=422)
    assert rota.shift(shift_id).staff_id is None


def test_where_nobody_can_take_it_the_page_says_what_to_do(as_maya: PageClient, rota: Rota, cast: Cast) -> None:
    for person in (cast.dan, cast.maya, cast.sorcha):
        rota.change_member(person, status=StaffStatus.SUSPENDED)

    as_maya.get(f"/shifts/{rota.plan(start=at('07:00'), end=at('15:00'))}/candidates/")

    assert "Nobody can take it as things are" in as_maya.text


@pytest.mark.parametrize("staff", [999, "vic"])
def test_somebody_whom_one_may_not_see_is_nobody(as_maya: PageClient, rota: Rota, cast: Cast, staff: object) -> None:
    staff_id, shift_id = cast.vic.staff_id if staff == "vic" else staff, rota.plan()

    as_maya.get(f"/shifts/{shift_id}/why/{staff_id}/", status=404)
    as_maya.post(f"/shifts/{shift_id}/give/{staff_id}/", {"version": "1"}, status=404)
