"""Adding members of staff over the API and changing what is known of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.outbox import EventRecord
from flowapp.kernel.clock import FrozenClock
from flowapp.rota.units import UnitKind, add_unit
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import a_shift
from tests.support.visitors import Api

ANNA = {
    "employee_no": " R-014 ", "name": "Anna  Boyd", "email": " Anna@Example.org ", "role": "SCW",
    "pattern": {"mon": 7.5, "tue": 7.5, "sun": 0}, "start_date": "2026-12-01",
}  # fmt: skip
SEEN = {"If-Match": "1"}
TODAY = "2026-11-23"


@pytest.fixture
def anna(cast: Cast) -> dict[str, Any]:
    """Somebody to be added to Rose House."""
    return {"care_home_id": cast.rose, **ANNA}


def a_unit(flow: Flow, home_id: int) -> int:
    """Add a unit to a home."""
    cause = Cause(actor=SYSTEM, at=flow.clock.now())
    return flow.database.write(
        lambda s: add_unit(s, cause, home_id=home_id, name="Bluebell", kind=UnitKind.DEMENTIA, beds=16).id
    )


def told(flow: Flow, *types: str) -> list[EventRecord]:
    """Read the events of these types, the first one first."""
    with flow.database.read() as session:
        found = session.scalars(select(EventRecord).order_by(EventRecord.seq))
        return [each for each in found if each.type in types]


def noted(flow: Flow, entity: str) -> list[AuditEntry]:
    """Read what the audit says of things of one kind."""
    with flow.database.read() as session:
        return list(session.scalars(select(AuditEntry).filter_by(entity=entity).order_by(AuditEntry.id)))


def test_a_manager_adds_a_member_of_staff(api: Api, cast: Cast, flow: Flow, anna: dict[str, Any]) -> None:
    unit = a_unit(flow, cast.rose)

    answer = api.call("POST", "/staff", cast.maya, anna | {"unit_id": unit})

    assert answer.status_code == 201, answer.text
    body = answer.json
    assert (answer.headers["Location"], answer.headers["ETag"]) == (f"/api/v1/staff/{body['id']}", '"1"')
    assert len(body["uid"]) == 26
    assert body | {"uid": ""} == {
        "id": body["id"], "uid": "", "employee_no": "R-014", "name": "Anna Boyd", "email": "anna@example.org",
        "care_home_id": cast.rose, "unit_id": unit, "role": "SCW", "status": "active", "version": 1,
        "contract": "permanent", "contracted_hours": 15, "pattern": {"mon": 7.5, "tue": 7.5},
        "start_date": "2026-12-01", "end_date": None,
    }  # fmt: skip
    assert api.call("GET", f"/staff/{body['id']}", cast.maya).json == body
    (event,) = told(flow, "staff_created")
    assert (event.subject_type, event.subject_id, event.care_home_id) == ("staff", body["id"], cast.rose)
    assert event.context == {
        "staff_id": body["id"], "user_id": cast.maya.user_id, "care_home_id": cast.rose, "employee_no": "R-014",
        "unit_id": unit, "status": "active",
        "staff": {"id": body["id"], "name": "Anna Boyd", "email": "anna@example.org", "role": "Carer"},
        "user": {"id": cast.maya.user_id, "name": "Maya", "role": "Manager"},
    }  # fmt: skip
    (entry,) = noted(flow, "staff")
    assert (entry.action, entry.home_id, entry.before, entry.after["pattern"]) == (
        "staff.create", cast.rose, None, {"mon": Decimal("7.5"), "tue": Decimal("7.5")})  # fmt: skip


def test_the_hours_of_the_contract_need_not_be_those_of_the_pattern(api: Api, cast: Cast, anna: dict[str, Any]) -> None:
    given = {"contracted_hours": 0, "contract": "bank", "status": "pre_start", "end_date": "2027-05-31"}
    made = api.call("POST", "/staff", cast.hana, anna | given).json
    assert {name: made[name] for name in given} == given


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"employee_no": " "}, "employee_no"),
    ({"employee_no": "9" * 21}, "employee_no"),
    ({"employee_no": "E-Vic"}, "employee_no"),  # somebody else's, at another home
    ({"employee_no": 14}, "employee_no"),
    ({"name": ""}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"name": "Anna\u200bBoyd"}, "name"),  # a sign that nobody sees
    ({"email": "anna"}, "email"),
    ({"email": "a@b"}, "email"),
    ({"email": "anna@example.org\nBcc: all@example.org"}, "email"),
    ({"email": "VIC@example.org"}, "email"),  # somebody else's, at another home
    ({"email": None}, "email"),
    ({"unit_id": 999}, "unit_id"),
    ({"unit_id": 2**70}, "unit_id"),
    ({"role": "carer"}, "role"),
    ({"contract": "zero"}, "contract"),
    ({"contracted_hours": -1}, "contracted_hours"),
    ({"contracted_hours": 100.01}, "contracted_hours"),
    ({"contracted_hours": 37.555}, "contracted_hours"),  # more than the database keeps
    ({"contracted_hours": "37.5"}, "contracted_hours"),
    ({"contracted_hours": True}, "contracted_hours"),
    ({"pattern": {"monday": 7.5}}, "pattern"),
    ({"pattern": {"mon": 24.5}}, "pattern.mon"),
    ({"pattern": {"mon": 0.001}}, "pattern.mon"),
    ({"pattern": {"mon": "7.5"}}, "pattern.mon"),
    ({"pattern": [7.5]}, "pattern"),
    ({"start_date": "2026-02-30"}, "start_date"),
    ({"start_date": "1066-10-14"}, "start_date"),
    ({"start_date": None}, "start_date"),
    ({"end_date": "2023-12-31"}, "end_date"),  # before the start
    ({"end_date": 20271231}, "end_date"),
    ({"status": "gone"}, "status"),
    ({"salary": 1}, "salary"),
]


@pytest.mark.parametrize(("given", "path"), WRONG)
def test_what_is_wrong_with_a_member_of_staff_is_told_by_its_field(
    api: Api, cast: Cast, flow: Flow, anna: dict[str, Any], given: dict[str, Any], path: str
) -> None:
    added = api.call("POST", "/staff", cast.maya, anna | {"contracted_hours": 15} | given)
    changed = api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.maya, given, **SEEN)
    assert places(added) == places(changed) == [path]
    assert (told(flow, "staff_created", "staff_updated"), noted(flow, "staff")) == ([], [])


def test_everything_that_is_wrong_is_told_at_once(api: Api, cast: Cast, anna: dict[str, Any]) -> None:
    wrong = {"name": "", "email": "?", "contracted_hours": 101, "end_date": "2020-01-01", "unit_id": 9}
    expected = ["name", "email", "contracted_hours", "end_date", "unit_id", "status"]
    assert places(api.call("POST", "/staff", cast.maya, anna | wrong | {"status": "leaver"})) == expected
    assert places(api.call("POST", "/staff", cast.maya, {})) == [
        "care_home_id", "employee_no", "name", "email", "role", "start_date"]  # fmt: skip


def test_a_unit_of_another_home_is_refused(api: Api, cast: Cast, flow: Flow, anna: dict[str, Any]) -> None:
    elsewhere = {"unit_id": a_unit(flow, cast.elm)}
    assert places(api.call("POST", "/staff", cast.maya, anna | elsewhere)) == ["unit_id"]
    assert places(api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.maya, elsewhere, **SEEN)) == ["unit_id"]


def test_staff_are_added_by_whoever_looks_after_them(api: Api, cast: Cast, anna: dict[str, Any]) -> None:
    def status(who: Any, **given: Any) -> int:
        return api.call("POST", "/staff", who, anna | given).status_code

    assert (status(cast.dan), status(cast.sorcha)) == (403, 403)
    assert status(cast.erin) == 404  # another home's manager
    assert status(cast.ada, care_home_id=999) == 404
    assert api.call("POST", "/staff", cast.maya, anna, scopes=("read", "run")).status_code == 403
    assert status(cast.hana) == 201


def test_the_same_key_adds_one_person(api: Api, cast: Cast, flow: Flow, anna: dict[str, Any]) -> None:
    keyed = {"Idempotency-Key": "k1"}
    first, again = (api.call("POST", "/staff", cast.maya, anna, **keyed) for _ in range(2))
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert places(api.call("POST", "/staff", cast.maya, anna | {"name": "A"}, **keyed)) == ["Idempotency-Key"]
    assert len(told(flow, "staff_created")) == 1


def test_a_changed_member_of_staff_tells_each_field(api: Api, cast: Cast, flow: Flow) -> None:
    given = {"role": "SSCW", "contracted_hours": 36, "email": "DAN@example.org"}

    answer = api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.maya, given, **SEEN)

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json["role"], answer.json["contracted_hours"], answer.json["name"]) == ("SSCW", 36, "Dan")
    shown = api.call("GET", f"/staff/{cast.dan.staff_id}", cast.maya)
    assert (shown.json, shown.headers["ETag"]) == (answer.json, '"2"')
    (event,) = told(flow, "staff_updated")
    assert event.changes == [
        {"field": "role", "old": "SCW", "new": "SSCW"},
        {"field": "contracted_hours", "old": Decimal("37.5"), "new": 36},
    ]
    assert (event.context["changed"], event.context["previous_status"], event.context["staff"]["role"]) == (
        ["role", "contracted_hours"], "active", "Senior carer")  # fmt: skip
    (entry,) = noted(flow, "staff")
    assert (entry.action, entry.after) == ("staff.update", {"role": "SSCW", "contracted_hours": 36})


def test_the_terms_of_a_contract_are_not_among_the_facts_of_runs(api: Api, cast: Cast, flow: Flow) -> None:
    given = {"contracted_hours": 12.25, "contract": "bank", "end_date": "2031-01-31"}
    api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.maya, given, **SEEN)
    (event,) = told(flow, "staff_updated")
    assert event.context["changed"] == ["contract", "contracted_hours", "end_date"]
    assert not [value for value in ("12.25", "bank", "2031") if value in str(event.context)]


def test_a_change_of_nothing_tells_nobody(api: Api, cast: Cast, flow: Flow) -> None:
    week = {"mon": 7.5, "tue": 7.5, "wed": 7.5, "thu": 7.5, "fri": 7.5, "sat": 0}
    for given in ({}, {"name": "Dan"}, {"pattern": week}, {"status": "active"}):
        answer = api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.maya, given, **SEEN)
        assert (answer.status_code, answer.json["version"]) == (200, 1)
    assert (told(flow, "staff_updated"), noted(flow, "staff")) == ([], [])


def test_a_change_needs_the_version_that_is_there(api: Api, cast: Cast) -> None:
    def change(name: str, **headers: str) -> Any:
        return api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.maya, {"name": name}, **headers)

    assert "If-Match" in refused(change("A"), 428)
    assert [change(f"seen {seen}", **{"If-Match": seen}).status_code for seen in ("1", "1", "7", '"2"')] == [
        200, 409, 409, 200]  # fmt: skip


def test_a_change_needs_the_right_the_home_and_the_scope(api: Api, cast: Cast) -> None:
    def status(who: Any, number: Any = cast.dan.staff_id, scopes: tuple[str, ...] = ("read", "rota")) -> int:
        return api.call("PATCH", f"/staff/{number}", who, {"name": "x"}, scopes=scopes, **SEEN).status_code

    assert [status(who) for who in (cast.dan, cast.sorcha, cast.vic)] == [403] * 3
    assert status(cast.erin) == 404  # another home's manager
    assert status(cast.ada, 999) == status(cast.erin, 999) == 404
    assert status(cast.maya, scopes=("read", "run")) == 403
    hidden = api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.erin, {}, **SEEN)
    assert hidden.json == api.call("PATCH", "/staff/999", cast.erin, {}, **SEEN).json


def test_a_member_of_staff_stays_in_their_home_and_is_never_deleted(api: Api, cast: Cast) -> None:
    where = f"/staff/{cast.dan.staff_id}"
    assert places(api.call("PATCH", where, cast.ada, {"care_home_id": cast.elm}, **SEEN)) == ["care_home_id"]
    assert api.call("DELETE", where, cast.ada).status_code == 405


def test_a_status_goes_its_way_and_no_other(api: Api, cast: Cast, anna: dict[str, Any]) -> None:
    staff_id = api.call("POST", "/staff", cast.maya, anna | {"status": "pre_start", "start_date": TODAY}).json["id"]
    version = 1
    for status, expected in (
        ("suspended", 422), ("leaver", 422), ("active", 200), ("pre_start", 422), ("suspended", 200),
        ("active", 200), ("leaver", 200), ("active", 422),
    ):  # fmt: skip
        body = {"status": status, "end_date": TODAY}
        answer = api.call("PATCH", f"/staff/{staff_id}", cast.maya, body, **{"If-Match": str(version)})
        assert answer.status_code == expected, (status, answer.text)
        if expected == 422:
            assert places(answer) == ["status"]
        else:
            version = answer.json["version"]
    assert "add them as a new member of staff" in answer.json["problems"][0]["message"]


def test_a_leaver_has_had_a_last_day(api: Api, cast: Cast, flow: Flow) -> None:
    def leave(**given: Any) -> Any:
        body = {"status": "leaver", **given}
        return api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.maya, body, **SEEN)

    assert places(leave()) == ["end_date"]
    assert places(leave(end_date="2026-11-24")) == ["end_date"]
    assert places(leave(end_date="2020-01-01")) == ["end_date"]  # before the first day: told once
    assert told(flow, "staff_left") == []
    assert leave(end_date=TODAY).json["status"] == "leaver"
    (event,) = told(flow, "staff_left")
    assert (event.subject_id, event.context["previous_status"]) == (cast.dan.staff_id, "active")
    again = api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.maya, {"end_date": None}, **{"If-Match": "2"})
    assert places(again) == ["end_date"]


def test_whoever_leaves_has_no_shift_to_come_and_no_token(api: Api, cast: Cast, flow: Flow, clock: FrozenClock) -> None:
    days = (date(2026, 11, 23), date(2026, 12, 7), date(2026, 12, 8))
    begun, draft, shown = (a_shift(flow, cast.maya, cast.rose, day=day, staff=cast.dan, published=day == days[2])
                           for day in days)  # fmt: skip
    other = a_shift(flow, cast.maya, cast.rose, day=days[1], staff=cast.sorcha)
    with_token = api.token(cast.dan)

    def as_dan() -> int:
        return api._client.get("/api/v1/homes", headers={"Authorization": f"Bearer {with_token}"}).status_code

    assert as_dan() == 200
    assert clock.now().hour == 9  # the first shift began an hour ago
    left = {"status": "leaver", "end_date": TODAY}
    assert api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.hana, left, **SEEN).status_code == 200

    assert as_dan() == 401
    for shift, expected in (
        (begun, ("assigned", "Dan", False)), (draft, ("open", None, False)), (shown, ("open", None, True)),
        (other, ("assigned", "Sorcha", False)),
    ):  # fmt: skip
        found = api.call("GET", f"/shifts/{shift}", cast.maya).json
        assert (found["status"], found["staff_name"], found["published"]) == expected
    events = told(flow, "staff_updated", "staff_unassigned")
    assert [event.type for event in events] == ["staff_updated", "staff_unassigned", "staff_unassigned"]
    assert {(event.context["staff"]["name"], event.context.get("reason")) for event in events[1:]} == {
        ("Dan", "Has left")}  # fmt: skip
    assert [entry.entity_id for entry in noted(flow, "shift") if entry.action == "shift.unassign"] == [draft, shown]
    assert [entry.action for entry in noted(flow, "api_token") if entry.reason == "Has left"] == ["token.revoke"]


def test_what_is_said_of_a_leaver_later_does_not_make_them_leave_again(api: Api, cast: Cast, flow: Flow) -> None:
    where, left = f"/staff/{cast.dan.staff_id}", {"status": "leaver", "end_date": TODAY}
    api.call("PATCH", where, cast.maya, left, **SEEN)
    api.token(cast.dan)  # which an administrator gave him for a reason
    yesterday = str(date.fromisoformat(TODAY) - timedelta(days=1))
    changed = api.call("PATCH", where, cast.maya, {"end_date": yesterday}, **{"If-Match": "2"})
    assert (changed.status_code, changed.json["end_date"]) == (200, yesterday)
    assert [event.context["previous_status"] for event in told(flow, "staff_updated")] == ["active", "leaver"]
    assert len(told(flow, "staff_left")) == 1
    assert [entry.action for entry in noted(flow, "api_token") if entry.reason == "Has left"] == []


def test_the_day_on_which_somebody_may_be_a_leaver_is_that_of_the_home(api: Api, cast: Cast) -> None:
    api.call("PATCH", f"/homes/{cast.rose}", cast.maya, {"timezone": "Pacific/Honolulu"}, **SEEN)  # still the 22nd
    where = f"/staff/{cast.dan.staff_id}"
    left = {"status": "leaver", "end_date": TODAY}
    assert places(api.call("PATCH", where, cast.maya, left, **SEEN)) == ["end_date"]
    assert api.call("PATCH", where, cast.maya, left | {"end_date": "2026-11-22"}, **SEEN).status_code == 200
