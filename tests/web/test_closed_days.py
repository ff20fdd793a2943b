"""Times closed to leave, and the bank holidays and local days of a home."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.kernel.errors import Refused
from flowapp.rota.homes import place_of
from flowapp.rota.leave_embargo import LeaveEmbargo, embargoes_of
from flowapp.rota.staff import JobRole
from flowapp.rota.units import UnitKind, add_unit
from tests.cast import Cast
from tests.factories import cause_of, leave_asked
from tests.support.page import PageClient
from tests.support.visitors import Api, sign_in

LIST = "/settings/closed-to-leave/"
YEARLY = {"way": "yearly", "yearly_from": "11 December", "yearly_to": "8 Jan", "message": "Christmas.", "hard": "yes"}


def closed(flow: Flow) -> list[LeaveEmbargo]:
    """Read every time closed to leave, removed ones too."""
    with flow.database.read() as session:
        return list(session.scalars(select(LeaveEmbargo).order_by(LeaveEmbargo.id)))


def noted(flow: Flow, entity: str) -> list[str]:
    """Read what the audit says was done."""
    with flow.database.read() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.entity == entity).order_by(AuditEntry.id))
        return [each.action for each in found]


def test_a_manager_closes_leave_every_year_and_it_holds_past_new_year(
    as_maya: PageClient, flow: Flow, cast: Cast
) -> None:
    as_maya.get(LIST)
    as_maya.post(LIST, {**YEARLY, "home": str(cast.rose)}, status=303)
    as_maya.get(LIST)
    assert "11 December to 8 January, every year" in as_maya.text
    assert "Rose House" in as_maya.text
    with pytest.raises(Refused, match="Christmas"):
        leave_asked(flow, cast.dan, start=date(2027, 1, 4))
    assert leave_asked(flow, cast.vic, start=date(2027, 1, 4))  # of another home
    assert noted(flow, "leave_embargo") == ["embargo.create"]


def test_it_is_changed_and_opened_again(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    as_maya.get(LIST)
    as_maya.post(LIST, {**YEARLY, "home": str(cast.rose)}, status=303)
    (row,) = closed(flow)
    as_maya.get(f"{LIST}{row.id}/")
    assert as_maya.soup.select_one("#yearly_from")["value"] == "11 December"
    assert "8 January" in str(as_maya.soup.select_one("#yearly_to")["value"])
    once = {"way": "once", "first_day": "2026-12-21", "last_day": "2026-12-24", "message": "Inspection", "hard": "no"}
    as_maya.post(f"{LIST}{row.id}/", {**once, "home": str(cast.rose), "version": "1", "role": "SCW"}, status=303)
    (row,) = closed(flow)
    assert (row.first_day, row.yearly_from, row.role, row.hard, row.version) == (
        date(2026, 12, 21), None, "SCW", False, 2)  # fmt: skip
    as_maya.post(f"{LIST}{row.id}/", {**once, "home": str(cast.rose), "version": "1"}, status=409)
    assert "Somebody changed this" in as_maya.text

    as_maya.post(f"{LIST}{row.id}/remove", status=303)

    with flow.database.read() as session:
        assert embargoes_of(session, cast.rose) == ()
    assert len(closed(flow)) == 1  # the record stays
    as_maya.get(f"{LIST}{row.id}/", status=404)
    assert noted(flow, "leave_embargo") == ["embargo.create", "embargo.update", "embargo.remove"]


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"message": ""}, "message", "Say why"),
        ({"message": "x" * 501}, "message", "at most 500"),
        ({"yearly_from": "31 February"}, "yearly_from", "no day of the year"),
        ({"yearly_from": "Christmas"}, "yearly_from", "no day of the year"),
        ({"yearly_to": ""}, "yearly_to", "until which day"),
        ({"way": "once"}, "first_day", "until which day"),
        ({"way": "once", "first_day": "2026-12-21", "last_day": "2026-12-01"}, "last_day", "before 21 December"),
        ({"way": "once", "first_day": "1026-12-21", "last_day": "2026-12-01"}, "first_day", "year cannot be right"),
        ({"home": ""}, "home", "Choose the home"),
        ({"unit": "999"}, "unit", "no such unit"),
        ({"role": "PILOT"}, "role", "Choose one"),
        ({"home": "9" * 300}, "home", "Choose one"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(
    as_maya: PageClient, cast: Cast, given: dict[str, str], field: str, words: str
) -> None:
    as_maya.get(LIST)
    as_maya.post(LIST, {**YEARLY, "home": str(cast.rose), **given}, status=422)
    told = as_maya.soup.select_one(f"#{field}-error")
    assert told is not None
    assert words in told.get_text(" ")


def test_only_somebody_of_every_home_closes_leave_everywhere(app: Flask, flow: Flow, cast: Cast, api: Api) -> None:
    ada = sign_in(app, flow, cast.ada)
    ada.get(LIST)
    ada.post(LIST, {**YEARLY, "home": ""}, status=303)
    (row,) = closed(flow)
    for who in (cast.dan, cast.vic, cast.maya):
        seen = sign_in(app, flow, who)
        seen.get(LIST)
        assert "Every home" in seen.text
        seen.get(f"{LIST}{row.id}/", status=403)
    sent = {"yearly_from": "12-11", "yearly_to": "01-08", "message": "All."}
    assert api.call("POST", "/embargoes", cast.maya, sent).status_code == 403


def test_leave_is_closed_for_one_unit_only(flow: Flow, cast: Cast, api: Api) -> None:
    cause = cause_of(cast.maya, flow.clock.now())
    unit = flow.database.write(
        lambda s: add_unit(s, cause, home_id=cast.rose, name="Elm", kind=UnitKind.STANDARD, beds=8).id
    )
    sent = {"care_home_id": cast.rose, "unit_id": unit, "first_day": "2026-12-07", "last_day": "2026-12-11",
            "message": "Elm moves.", "hard": True}  # fmt: skip
    assert api.call("POST", "/embargoes", cast.maya, sent).status_code == 201
    assert leave_asked(flow, cast.dan, start=date(2026, 12, 7))  # of no unit
    path = f"/staff/{cast.sorcha.staff_id}"
    assert api.call("PATCH", path, cast.maya, {"unit_id": unit}, **{"If-Match": "1"}).status_code == 200
    with pytest.raises(Refused, match="Elm moves"):
        leave_asked(flow, cast.sorcha, start=date(2026, 12, 7))


def test_a_program_keeps_times_closed_to_leave(api: Api, cast: Cast, flow: Flow) -> None:
    sent: dict[str, Any] = {"care_home_id": cast.rose, "yearly_from": "12-11", "yearly_to": "01-08", "message": "Full."}
    made = api.call("POST", "/embargoes", cast.maya, sent, **{"Idempotency-Key": "a"})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert api.call("POST", "/embargoes", cast.maya, sent, **{"Idempotency-Key": "a"}).json == made.json
    path = f"/embargoes/{made.json['id']}"
    assert api.call("GET", path, cast.dan).json == made.json
    assert [each["id"] for each in api.call("GET", "/embargoes", cast.dan).json["items"]] == [made.json["id"]]
    assert api.call("GET", "/embargoes", cast.vic).json["items"] == []
    for who, status in ((cast.vic, 404), (cast.erin, 404)):
        assert api.call("GET", path, who).status_code == status
    assert api.call("PATCH", path, cast.erin, {"hard": True}, **{"If-Match": "1"}).status_code == 404
    assert api.call("PATCH", path, cast.maya, {"hard": True}).status_code == 428
    changed = api.call("PATCH", path, cast.maya, {"hard": True, "role": "SCW"}, **{"If-Match": "1"})
    assert (changed.json["hard"], changed.json["role"], changed.json["version"]) == (True, JobRole.CARER, 2)
    assert api.call("DELETE", path, cast.maya, **{"If-Match": "1"}).status_code == 409
    assert api.call("DELETE", path, cast.maya, **{"If-Match": "2"}).status_code == 200
    assert api.call("GET", path, cast.maya).status_code == 404
    for wrong in ({"care_home_id": 2**70}, {"yearly_from": "13-40"}, {"yearly_to": None}, {"first_day": "2026-12-07"}):
        assert api.call("POST", "/embargoes", cast.maya, sent | wrong).status_code == 422, wrong


def test_a_home_keeps_its_nations_bank_holidays_and_days_of_its_own(
    as_maya: PageClient, flow: Flow, cast: Cast
) -> None:
    as_maya.get("/settings/bank-holidays/?year=2027")
    assert "30 November 2027" in as_maya.text  # St Andrew’s Day, in Scotland
    as_maya.post("/settings/bank-holidays/", {"home": "ROSE", "day": "2027-07-12", "name": " Town  fair"}, status=303)
    as_maya.get("/settings/bank-holidays/?year=2027")
    assert "Monday 12 July 2027 Town fair Local day" in as_maya.text
    day = date(2027, 7, 12)
    with flow.database.read() as session:
        rose, elm = place_of(session, cast.rose), place_of(session, cast.elm)
    assert rose is not None
    assert elm is not None
    assert (rose.calendar.name(day), rose.calendar.is_bank_holiday(day)) == ("Town fair", True)
    assert not elm.calendar.is_bank_holiday(day)

    as_maya.post("/settings/bank-holidays/remove", {"home": "ROSE", "day": "2027-07-12"}, status=303)
    as_maya.post("/settings/bank-holidays/remove", {"home": "ROSE", "day": "2027-07-12"}, status=303)
    as_maya.get("/settings/bank-holidays/?year=2027")
    assert "no local day of this home any more" in as_maya.text
    assert noted(flow, "care_home") == ["local_day.add", "local_day.remove"]


@pytest.mark.parametrize(
    ("day", "name", "field", "words"),
    [
        ("2026-12-25", "Christmas", "day", "a bank holiday already: Christmas Day"),
        ("", "Fair", "day", "Enter the day"),
        ("1027-07-12", "Fair", "day", "cannot be right"),
        ("2027-07-12", "", "name", "what the day is called"),
        ("2027-07-12", "x" * 81, "name", "at most 80"),
    ],
)
def test_a_local_day_that_makes_no_sense_is_refused(
    as_maya: PageClient, day: str, name: str, field: str, words: str
) -> None:
    as_maya.get("/settings/bank-holidays/")
    as_maya.post("/settings/bank-holidays/", {"home": "ROSE", "day": day, "name": name}, status=422)
    assert words in as_maya.soup.select_one(f"#{field}-error").get_text(" ")


def test_another_homes_days_are_left_alone(as_maya: PageClient, as_dan: PageClient, cast: Cast, api: Api) -> None:
    as_maya.get("/settings/bank-holidays/")
    as_maya.post("/settings/bank-holidays/", {"home": "ELM", "day": "2027-07-12", "name": "Fair"}, status=404)
    as_dan.get("/settings/bank-holidays/?home=ELM&year=99999")
    assert "Rose House" in as_dan.text
    assert "Add a local day" not in as_dan.text
    path = f"/homes/{cast.rose}/local-days"
    assert api.call("POST", path, cast.erin, {"day": "2027-07-12", "name": "Fair"}).status_code == 404
    made = api.call("POST", path, cast.maya, {"day": "2027-07-12", "name": "Fair"}, **{"If-Match": "1"})
    assert {"date": "2027-07-12", "name": "Fair", "local": True} in made.json["items"]
    again = api.call("POST", path, cast.maya, {"day": "2027-07-13", "name": "Fair"}, **{"If-Match": "1"})
    assert again.status_code == 409
    shown = api.call("GET", f"/homes/{cast.rose}/bank-holidays?year=2027", cast.dan)
    assert shown.json == made.json
    assert api.call("GET", f"/homes/{cast.rose}/bank-holidays", cast.vic).status_code == 404
    assert api.call("DELETE", path, cast.maya, {"day": "2027-07-12"}).status_code == 200
