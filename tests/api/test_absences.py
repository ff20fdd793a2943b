"""Absences over the API: reported, ended, talked about; who may, and what of anybody's health is told to whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.kernel.clock import FrozenClock
from flowapp.rota.absence.absence import absent_since
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import a_shift
from tests.support.visitors import Api

TODAY = date(2026, 11, 23)
ILL = {"first_day": "2026-11-22", "expected_return": "2026-11-25", "reason": "A slipped disc"}


def told(flow: Flow, *types: str) -> list[EventRecord]:
    """Read the events of these types, the first one first."""
    with flow.database.read() as session:
        found = session.scalars(select(EventRecord).order_by(EventRecord.seq))
        return [each for each in found if each.type in types]


def noted(flow: Flow) -> list[AuditEntry]:
    """Read what the audit says of absences."""
    with flow.database.read() as session:
        return list(session.scalars(select(AuditEntry).filter_by(entity="absence").order_by(AuditEntry.id)))


def reported(api: Api, who: Person, of: Person, **given: Any) -> Any:
    """Report somebody off sick as somebody."""
    return api.call("POST", "/absences", who, {"staff_id": of.staff_id, **ILL, **given})


def since(flow: Flow, person: Person) -> date | None:
    """Answer since when somebody must not be planned for."""
    assert person.staff_id is not None
    with flow.database.read() as session:
        return absent_since(session, [person.staff_id, 999]).get(person.staff_id)


def test_somebody_is_reported_off_sick_with_the_shifts_of_the_next_three_days(api: Api, cast: Cast, flow: Flow) -> None:
    running, tomorrow = (a_shift(flow, cast.maya, cast.rose, day=TODAY + timedelta(days=n), staff=cast.dan)
                         for n in (0, 1))  # fmt: skip
    for day, who in ((2, cast.dan), (3, cast.dan), (1, cast.sorcha)):  # back by then; too late; somebody else's
        a_shift(flow, cast.maya, cast.rose, day=TODAY + timedelta(days=day), staff=who)

    answer = reported(api, cast.sorcha, cast.dan)

    assert answer.status_code == 201, answer.text
    body = answer.json
    assert answer.headers["Location"] == f"/api/v1/absences/{body['id']}"
    assert (body["status"], body["kind"], body["last_day"], body["reported_by"]) == ("away", "sickness", None, "Sorcha")
    (event,) = told(flow, "absence_reported")
    assert (event.subject_type, event.subject_id, event.care_home_id) == ("absence", body["id"], cast.rose)
    assert (event.context["affected_count"], event.context["affected_shifts"]) == (2, [running, tomorrow])
    assert event.context["staff"]["name"] == "Dan"
    assert since(flow, cast.dan) == date(2026, 11, 22)
    assert since(flow, cast.sorcha) is None


def test_why_somebody_is_ill_is_told_to_those_it_concerns_alone(api: Api, cast: Cast, flow: Flow) -> None:
    number = reported(api, cast.maya, cast.dan).json["id"]
    where = f"/absences/{number}"
    changed = {"reason": "A broken foot", "expected_return": None}
    assert api.call("PATCH", where, cast.maya, changed, **{"If-Match": "1"}).json["reason"] == "A broken foot"
    api.call("POST", f"{where}/end", cast.maya, {"last_day": "2026-11-22"})
    api.call("POST", f"{where}/talk", cast.maya, {"note": "Sits for a week"})
    for who in (cast.dan, cast.maya, cast.hana):
        found = api.call("GET", where, who).json
        assert (found["reason"], found["talk_note"], found["episodes_12m"]) == ("A broken foot", "Sits for a week", 1)
    for who in (cast.sorcha, cast.ada):
        assert not {"reason", "talk_note", "bradford", "pct_12m"} & set(api.call("GET", where, who).json)
    (listed,) = api.call("GET", "/absences", cast.sorcha).json["items"]
    assert "reason" not in listed
    everything = str([(each.before, each.after, each.reason) for each in noted(flow)])
    everything += str([each.context for each in told(flow, "absence_reported", "absence_ended")])
    assert not [word for word in ("disc", "foot", "week") if word in everything]


def test_somebody_is_back_and_planned_for_after_the_talk(api: Api, cast: Cast, flow: Flow) -> None:
    for first, last in (("2026-02-02", "2026-02-06"), ("2026-06-01", "2026-06-02"), ("2026-11-19", "2026-11-22")):
        number = reported(api, cast.maya, cast.dan, first_day=first, expected_return=None).json["id"]
        ended = api.call("POST", f"/absences/{number}/end", cast.sorcha, {"last_day": last})
        assert (ended.status_code, ended.json["status"], ended.headers["ETag"]) == (200, "talk_due", '"2"')
    event = told(flow, "absence_ended")[-1]
    facts = ("days", "episodes_12m", "bradford", "needs_review", "talk_due_on")
    assert [event.context[name] for name in facts] == [4, 3, 81, True, "2026-11-25"]  # 5 + 2 + 2 days of work
    assert str(event.context["pct_12m"]) == "3.46"  # of 260
    assert since(flow, cast.dan) == date(2026, 2, 2)

    for number in (1, 2, 3):
        talk = api.call("POST", f"/absences/{number}/talk", cast.maya, {"note": ""})
        assert (talk.json["status"], talk.json["talked_by"]) == ("closed", "Maya")
    assert since(flow, cast.dan) is None


def test_nobody_talks_with_themselves_and_no_senior_about_health(api: Api, cast: Cast) -> None:
    number = reported(api, cast.sorcha, cast.maya).json["id"]
    api.call("POST", f"/absences/{number}/end", cast.maya, {"last_day": "2026-11-22"})
    talk = f"/absences/{number}/talk"
    assert "somebody else" in refused(api.call("POST", talk, cast.maya, {}), 403)
    assert api.call("POST", talk, cast.sorcha, {}).status_code == 403
    assert api.call("POST", talk, cast.hana, {}).status_code == 200


def test_each_thing_is_done_once_and_in_its_order(api: Api, cast: Cast, flow: Flow) -> None:
    number = reported(api, cast.maya, cast.dan).json["id"]
    assert "still off sick" in refused(api.call("POST", f"/absences/{number}/talk", cast.maya, {}), 409)
    end = {"last_day": "2026-11-22"}
    assert api.call("POST", f"/absences/{number}/end", cast.maya, end, **{"If-Match": "7"}).status_code == 409
    keyed = {"Idempotency-Key": "k"}
    first, again = (api.call("POST", f"/absences/{number}/end", cast.maya, end, **keyed) for _ in range(2))
    assert (first.status_code, again.json) == (200, first.json)
    assert api.call("POST", f"/absences/{number}/end", cast.maya, end).status_code == 409
    assert api.call("POST", f"/absences/{number}/talk", cast.maya, {}).status_code == 200
    assert api.call("POST", f"/absences/{number}/talk", cast.maya, {}).status_code == 409
    assert len(told(flow, "absence_ended")) == 1
    assert [each.action for each in noted(flow)] == ["absence.report", "absence.end", "absence.talk"]


def test_the_same_key_reports_once(api: Api, cast: Cast, flow: Flow) -> None:
    body = {"staff_id": cast.dan.staff_id, **ILL}
    first, again = (api.call("POST", "/absences", cast.maya, body, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.json, len(told(flow, "absence_reported"))) == (again.json, 1)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"first_day": "2025-11-20"}, "first_day"),  # more than a year ago
    ({"first_day": "2026-12-20"}, "first_day"),  # nobody knows that yet
    ({"first_day": "2026-11-24", "kind": "no_show"}, "first_day"),  # has not happened yet
    ({"expected_return": "2026-11-22"}, "expected_return"),  # not after the first day
    ({"expected_return": "2030-01-01"}, "expected_return"),
    ({"reason": "x" * 2001}, "reason"),
    ({"kind": "holiday"}, "kind"),
    ({"staff_id": 2**70}, "staff_id"),
    ({"first_day": "yesterday"}, "first_day"),
    ({"ill": True}, "ill"),
]


@pytest.mark.parametrize(("given", "path"), WRONG)
def test_what_is_wrong_with_a_report_is_told_by_its_field(
    api: Api, cast: Cast, flow: Flow, given: dict[str, Any], path: str
) -> None:
    assert places(reported(api, cast.maya, cast.dan, **given)) == [path]
    assert (told(flow, "absence_reported"), noted(flow)) == ([], [])


def test_whoever_has_left_is_not_reported(api: Api, cast: Cast) -> None:
    left = {"status": "leaver", "end_date": "2026-11-20"}
    api.call("PATCH", f"/staff/{cast.dan.staff_id}", cast.maya, left, **{"If-Match": "1"})
    assert places(reported(api, cast.maya, cast.dan)) == ["staff_id"]


def test_nobody_is_ill_twice_at_once(api: Api, cast: Cast) -> None:
    number = reported(api, cast.maya, cast.dan).json["id"]
    assert places(reported(api, cast.maya, cast.dan, first_day="2026-11-01", expected_return=None)) == ["first_day"]
    assert reported(api, cast.maya, cast.dan, kind="lateness", expected_return=None).json["status"] == "closed"
    api.call("POST", f"/absences/{number}/end", cast.maya, {"last_day": "2026-11-22"})
    assert places(reported(api, cast.maya, cast.dan)) == ["first_day"]
    assert reported(api, cast.maya, cast.dan, first_day="2026-11-23").status_code == 201


def test_a_last_day_lies_between_the_first_and_today(api: Api, cast: Cast) -> None:
    number = reported(api, cast.maya, cast.dan).json["id"]
    for day in ("2026-11-21", "2026-11-24"):
        answer = api.call("POST", f"/absences/{number}/end", cast.maya, {"last_day": day})
        assert places(answer) == ["last_day"], day


def test_a_change_of_nothing_tells_nobody(api: Api, cast: Cast, flow: Flow) -> None:
    number = reported(api, cast.maya, cast.dan).json["id"]
    same = api.call("PATCH", f"/absences/{number}", cast.maya, ILL, **{"If-Match": "1"})
    assert (same.json["version"], len(noted(flow))) == (1, 1)
    assert api.call("PATCH", f"/absences/{number}", cast.maya, ILL).status_code == 428
    later = api.call("PATCH", f"/absences/{number}", cast.maya, {"first_day": "2026-11-23"}, **{"If-Match": "1"})
    assert (later.json["first_day"], later.json["version"]) == ("2026-11-23", 2)


def test_absences_are_recorded_by_those_who_lead_in_their_home(api: Api, cast: Cast) -> None:
    assert reported(api, cast.dan, cast.dan).status_code == 403  # a carer rings in; somebody else notes it
    assert reported(api, cast.vic, cast.dan).status_code == 403
    assert reported(api, cast.erin, cast.dan).status_code == 404
    assert api.call("POST", "/absences", cast.ada, {"staff_id": 999, **ILL}).status_code == 404
    number = reported(api, cast.sorcha, cast.dan).json["id"]
    for method, path, body in (
        ("GET", "", None), ("PATCH", "", {}), ("POST", "/end", {"last_day": "2026-11-22"}), ("POST", "/talk", {}),
    ):  # fmt: skip
        hidden = api.call(method, f"/absences/{number}{path}", cast.erin, body, **{"If-Match": "1"})
        absent = api.call(method, f"/absences/999{path}", cast.erin, body, **{"If-Match": "1"})
        assert (hidden.status_code, hidden.json) == (404, absent.json)
    assert api.call("GET", f"/absences/{number}", cast.vic).status_code == 404
    assert api.call("GET", f"/absences/{number}", cast.dan).status_code == 200


def test_a_list_has_the_absences_of_ones_homes(api: Api, cast: Cast) -> None:
    reported(api, cast.maya, cast.dan)
    reported(api, cast.erin, cast.vic)
    reported(api, cast.maya, cast.sorcha, kind="no_show", expected_return=None)

    def names(who: Person, query: str = "") -> list[str]:
        return [each["staff_name"] for each in api.call("GET", f"/absences{query}", who).json["items"]]

    assert (names(cast.maya), names(cast.erin), names(cast.dan)) == (["Sorcha", "Dan"], ["Vic"], ["Dan"])
    assert names(cast.hana, "?home=ELM") == ["Vic"]
    assert names(cast.hana, "?status=away&limit=1") == ["Vic"]
    assert names(cast.maya, "?status=closed") == ["Sorcha"]
    assert names(cast.maya, f"?staff_id={cast.dan.staff_id}") == ["Dan"]
    assert places(api.call("GET", "/absences?status=gone", cast.maya)) == ["status"]


def test_a_shift_that_is_over_is_not_missed(api: Api, cast: Cast, flow: Flow, clock: FrozenClock) -> None:
    a_shift(flow, cast.maya, cast.rose, day=TODAY, staff=cast.dan)
    clock.advance(hours=11, minutes=1)
    reported(api, cast.maya, cast.dan, expected_return=None)
    assert told(flow, "absence_reported")[0].context["affected_shifts"] == []
