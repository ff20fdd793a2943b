"""When somebody can work, over the API: weeks that repeat, and single stretches."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.rota.availability.availability import AvailabilityException, AvailabilityPattern
from flowapp.rota.availability.changes import MOST_EXCEPTIONS, MOST_PATTERNS
from tests.api.problems import places
from tests.cast import Cast
from tests.factories import a_shift
from tests.support.visitors import Api

SUNDAYS = {"1": {"sun": [{"from": "00:00", "to": "00:00", "kind": "unavailable"}]}}
WEEKS = {"valid_from": "2026-11-23", "slots": SUNDAYS}
DENTIST = {"first_day": "2026-11-25", "start": "09:00", "last_day": "2026-11-25", "end": "11:00", "reason": "Dentist"}
SEEN = {"If-Match": "1"}


def told(flow: Flow) -> list[EventRecord]:
    """Read what was told of when people can work."""
    with flow.database.read() as session:
        return list(session.scalars(select(EventRecord).filter_by(type="availability_changed")))


def noted(flow: Flow) -> list[str]:
    """Read what the audit says was done."""
    with flow.database.read() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("availability")))
        return [each.action for each in found]


def said(api: Api, who: Person, what: str, body: dict[str, Any], of: Person | None = None, **headers: str) -> Any:
    """Say when somebody can work; oneself unless told."""
    return api.call("POST", f"/staff/{(of or who).staff_id}/availability/{what}", who, body, **headers)


def test_somebody_says_of_their_weeks_when_they_cannot_work(api: Api, cast: Cast, flow: Flow) -> None:
    sunday = a_shift(flow, cast.maya, cast.rose, day=date(2026, 11, 29), staff=cast.dan)
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 11, 28), staff=cast.dan)

    answer = said(api, cast.dan, "patterns", WEEKS)

    assert answer.status_code == 201, answer.text
    (pattern,) = answer.json["patterns"]
    assert pattern == WEEKS | {"id": pattern["id"], "valid_to": None, "repeat_weeks": 1, "anchor": "2026-11-23",
                               "version": 1}  # fmt: skip
    span = "?from=2026-11-23&to=2026-11-29"
    shown = api.call("GET", f"/staff/{cast.dan.staff_id}/availability{span}", cast.sorcha).json
    assert shown["said"] == [
        {"starts_at": "2026-11-29T00:00:00+00:00", "ends_at": "2026-11-30T00:00:00+00:00", "kind": "unavailable",
         "reason": ""}]  # fmt: skip
    (event,) = told(flow)
    assert (event.subject_type, event.subject_id, event.care_home_id) == ("staff", cast.dan.staff_id, cast.rose)
    facts = ("what", "change", "clash_count", "clash_shifts")
    assert [event.context[name] for name in facts] == ["pattern", "added", 1, [sunday]]


def test_a_single_stretch_goes_before_the_weeks_and_can_be_taken_back(api: Api, cast: Cast, flow: Flow) -> None:
    said(api, cast.dan, "patterns", WEEKS)
    free = {"first_day": "2026-11-29", "last_day": "2026-11-29", "kind": "available"}
    (made,) = said(api, cast.maya, "exceptions", free, cast.dan).json["exceptions"]
    where = f"/staff/{cast.dan.staff_id}/availability"
    assert (made["starts_at"], made["ends_at"]) == ("2026-11-29T00:00:00+00:00", "2026-11-30T00:00:00+00:00")
    week = f"{where}?from=2026-11-23&to=2026-11-29"
    assert api.call("GET", week, cast.dan).json["said"] == []

    gone = api.call("DELETE", f"{where}/exceptions/{made['id']}", cast.dan)
    assert (gone.status_code, gone.json) == (200, {"removed": made["id"]})
    assert len(api.call("GET", week, cast.dan).json["said"]) == 1
    assert api.call("DELETE", f"{where}/exceptions/{made['id']}", cast.dan).status_code == 404
    assert noted(flow) == [
        "availability.add_pattern", "availability.add_exception", "availability.remove_exception"]  # fmt: skip
    assert [event.context["change"] for event in told(flow)] == ["added", "added", "removed"]


def test_weeks_are_said_anew_and_taken_back(api: Api, cast: Cast, flow: Flow) -> None:
    number = said(api, cast.dan, "patterns", WEEKS).json["patterns"][0]["id"]
    where = f"/staff/{cast.dan.staff_id}/availability/patterns/{number}"
    same = api.call("PATCH", where, cast.dan, WEEKS, **SEEN)
    assert (same.json["patterns"][0]["version"], len(told(flow))) == (1, 1)
    changed = api.call("PATCH", where, cast.dan, {"repeat_weeks": 2, "valid_to": "2027-03-31"}, **SEEN)
    (pattern,) = changed.json["patterns"]
    assert (pattern["repeat_weeks"], pattern["valid_to"], pattern["slots"]) == (2, "2027-03-31", SUNDAYS)
    assert api.call("PATCH", where, cast.dan, {"repeat_weeks": 3}, **SEEN).status_code == 409
    assert api.call("PATCH", where, cast.dan, {"repeat_weeks": 3}).status_code == 428
    assert api.call("DELETE", where, cast.dan, **SEEN).status_code == 409
    assert api.call("DELETE", where, cast.dan, **{"If-Match": "2"}).status_code == 200
    assert [event.context["change"] for event in told(flow)] == ["added", "changed", "removed"]


WRONG_WEEKS: list[tuple[dict[str, Any], str]] = [
    ({"slots": {}}, "slots"),
    ({"slots": {"2": SUNDAYS["1"]}}, "slots"),  # a week that does not come
    ({"slots": {"13": SUNDAYS["1"]}}, "slots.13.[key]"),
    ({"slots": {"1": {"sunday": []}}}, "slots.1.sunday.[key]"),
    ({"slots": {"1": {"sun": [{"from": "25:00", "to": "09:00", "kind": "available"}]}}}, "slots"),
    ({"slots": {"1": {"sun": [{"from": "08:00", "to": "09:00", "kind": "maybe"}]}}}, "slots.1.sun.0.kind"),
    ({"slots": {"1": {"sun": [{"from": "08:00", "to": "09:00", "kind": "available"}] * 201}}}, "slots.1.sun"),
    ({"repeat_weeks": 0}, "repeat_weeks"),
    ({"repeat_weeks": 13}, "repeat_weeks"),
    ({"anchor": "2026-11-24"}, "anchor"),  # a Tuesday
    ({"valid_from": "1066-10-14"}, "valid_from"),
    ({"valid_to": "2026-11-22"}, "valid_to"),  # before the first day
    ({"valid_from": "soon"}, "valid_from"),
    ({"moon": "full"}, "moon"),
]
WRONG_STRETCHES: list[tuple[dict[str, Any], str]] = [
    ({"end": "09:00"}, "last_day"),  # no time between
    ({"last_day": "2026-11-24"}, "last_day"),
    ({"last_day": "2028-01-01"}, "last_day"),  # longer than a year
    ({"last_day": "9999-12-31", "end": "00:00"}, "last_day"),
    ({"first_day": "0001-01-01"}, "first_day"),
    ({"start": "nine"}, "start"),
    ({"kind": "maybe"}, "kind"),
    ({"reason": "x" * 2001}, "reason"),
    ({"first_day": "2027-03-28", "last_day": "2027-03-28", "start": "01:00", "end": "02:00"}, "last_day"),  # skipped
]


@pytest.mark.parametrize(("given", "path"), WRONG_WEEKS)
def test_what_is_wrong_with_weeks_is_told_by_its_field(
    api: Api, cast: Cast, flow: Flow, given: dict[str, Any], path: str
) -> None:
    assert places(said(api, cast.dan, "patterns", WEEKS | given))[:1] == [path.replace(".[key]", "." + "[key]")]
    assert (told(flow), noted(flow)) == ([], [])


@pytest.mark.parametrize(("given", "path"), WRONG_STRETCHES)
def test_what_is_wrong_with_a_stretch_is_told_by_its_field(
    api: Api, cast: Cast, flow: Flow, given: dict[str, Any], path: str
) -> None:
    assert places(said(api, cast.dan, "exceptions", DENTIST | given)) == [path]
    assert (told(flow), noted(flow)) == ([], [])


def test_no_two_patterns_speak_of_one_day(api: Api, cast: Cast) -> None:
    said(api, cast.dan, "patterns", WEEKS | {"valid_to": "2026-12-31"})
    for given in ({}, {"valid_to": "2026-11-23"}, {"valid_from": "2026-12-31"}, {"valid_from": "2026-01-01"}):
        assert places(said(api, cast.dan, "patterns", WEEKS | given)) == ["valid_from"]
    second = said(api, cast.dan, "patterns", WEEKS | {"valid_from": "2027-01-01"})
    number = second.json["patterns"][1]["id"]
    where = f"/staff/{cast.dan.staff_id}/availability/patterns/{number}"
    assert places(api.call("PATCH", where, cast.dan, {"valid_from": "2026-12-31"}, **SEEN)) == ["valid_from"]
    assert said(api, cast.sorcha, "patterns", WEEKS).status_code == 201  # of somebody else


def test_the_same_key_says_it_once(api: Api, cast: Cast, flow: Flow) -> None:
    first, again = (said(api, cast.dan, "exceptions", DENTIST, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.json, len(told(flow))) == (again.json, 1)


def test_one_says_it_of_oneself_and_a_manager_of_their_staff(api: Api, cast: Cast) -> None:
    assert said(api, cast.sorcha, "patterns", WEEKS, cast.dan).status_code == 403  # sees it, and no more
    assert said(api, cast.vic, "patterns", WEEKS, cast.dan).status_code == 404
    assert said(api, cast.erin, "patterns", WEEKS, cast.dan).status_code == 404
    made = said(api, cast.maya, "patterns", WEEKS, cast.dan)
    assert made.status_code == 201
    number = made.json["patterns"][0]["id"]
    own = f"/staff/{cast.vic.staff_id}/availability/patterns/{number}"
    for method in ("PATCH", "DELETE"):  # somebody else's, as if it were one's own
        assert api.call(method, own, cast.vic, {}, **SEEN).status_code == 404
    stretch = said(api, cast.dan, "exceptions", DENTIST).json["exceptions"][0]["id"]
    taken = api.call("DELETE", f"/staff/{cast.vic.staff_id}/availability/exceptions/{stretch}", cast.vic)
    assert taken.status_code == 404
    assert api.call("GET", f"/staff/{cast.dan.staff_id}/availability", cast.vic).status_code == 404
    assert api.call("GET", "/staff/999/availability", cast.ada).status_code == 404


def test_nobody_says_more_than_anybody_could_read(api: Api, cast: Cast, flow: Flow) -> None:
    dan, at = cast.dan.staff_id, flow.clock.now()

    def write(session: Session) -> None:
        for year in range(MOST_PATTERNS):
            begin = date(2030 + year, 1, 1)
            row = {"repeat_weeks": 1, "anchor": begin, "slots": SUNDAYS, "created_at": at}
            session.add(AvailabilityPattern(staff_id=dan, valid_from=begin, valid_to=begin, **row))
        stretch = {"starts_at": at, "ends_at": at, "kind": "available", "created_at": at}
        session.add_all(AvailabilityException(staff_id=dan, **stretch) for _ in range(MOST_EXCEPTIONS))

    flow.database.write(write)
    weeks = said(api, cast.dan, "patterns", WEEKS | {"valid_to": "2026-12-31"})
    assert "Remove those" in weeks.json["problems"][0]["message"]
    assert "Remove those" in said(api, cast.dan, "exceptions", DENTIST).json["problems"][0]["message"]


@pytest.mark.parametrize("query", ["from=2026-12-01&to=2026-11-01", "from=2026-01-01&to=2028-01-01", "to=9999-12-31"])
def test_a_year_is_answered_at_most(api: Api, cast: Cast, query: str) -> None:
    assert places(api.call("GET", f"/staff/{cast.dan.staff_id}/availability?{query}", cast.dan)) == ["to"]
