"""What is done to a shift over the API: PATCH, assign, unassign, publish, cancel."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from tests.cast import Cast
from tests.support.visitors import Api


@pytest.fixture
def shift(api: Api, cast: Cast) -> int:
    """A long day at Rose House that nobody has yet."""
    body = {"care_home_id": cast.rose, "role": "SCW", "date": "2026-12-07", "start": "08:00", "end": "20:00"}
    return int(api.call("POST", "/shifts", cast.maya, body).json["id"])


@pytest.mark.parametrize("header", ["1", '"1"', 'W/"1"'])
def test_a_shift_is_changed_by_whoever_has_seen_it(api: Api, cast: Cast, shift: int, header: str) -> None:
    answer = api.call(
        "PATCH", f"/shifts/{shift}", cast.maya, {"end": "21:00", "notes": "Late bus"}, **{"If-Match": header}
    )

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json["end"], answer.json["hours"], answer.json["notes"], answer.json["start"]) == (
        "21:00", 13, "Late bus", "08:00")  # fmt: skip
    assert api.call("GET", f"/shifts/{shift}", cast.maya).json == answer.json


def test_a_change_without_the_version_seen_is_asked_for_it(api: Api, cast: Cast, shift: int) -> None:
    answer = api.call("PATCH", f"/shifts/{shift}", cast.maya, {"end": "21:00"})
    assert (answer.status_code, answer.mimetype) == (428, "application/problem+json")
    assert "If-Match" in answer.json["detail"]


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(api: Api, cast: Cast, shift: int) -> None:
    for version, status in (("1", 200), ("1", 409), ("7", 409), ("2", 200)):
        answer = api.call("PATCH", f"/shifts/{shift}", cast.maya, {"notes": f"seen {version}"}, **{"If-Match": version})
        assert answer.status_code == status
    assert answer.json["notes"] == "seen 2"


@pytest.mark.parametrize("header", ["", "*", '"a"', '"1', "-1", "1.5"])
def test_a_version_that_is_none_is_told(api: Api, cast: Cast, shift: int, header: str) -> None:
    answer = api.call("PATCH", f"/shifts/{shift}", cast.maya, {"notes": "x"}, **{"If-Match": header})
    assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, "If-Match")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"start": "noon"}, "start"),
        ({"role": None}, "role"),
        ({"staff_id": 2}, "staff_id"),  # assigning is a call of its own
        ({"status": "completed"}, "status"),
        ({"care_home_id": 2}, "care_home_id"),
        ({"skills": ["?"]}, "skills"),
    ],
)
def test_a_change_without_sense_is_told_by_its_field(
    api: Api, cast: Cast, shift: int, given: dict[str, Any], path: str
) -> None:
    answer = api.call("PATCH", f"/shifts/{shift}", cast.maya, given, **{"If-Match": "1"})
    assert (answer.status_code, [each["path"] for each in answer.json["problems"]]) == (422, [path])


def test_a_change_of_nothing_leaves_the_version(api: Api, cast: Cast, shift: int) -> None:
    for given in ({}, {"end": "20:00"}, {"unit_id": None}):
        answer = api.call("PATCH", f"/shifts/{shift}", cast.maya, given, **{"If-Match": "1"})
        assert (answer.status_code, answer.json["version"]) == (200, 1)


def test_a_shift_goes_from_open_to_assigned_to_published_and_back(api: Api, cast: Cast, shift: int) -> None:
    steps = [
        ("assign", {"staff_id": cast.dan.staff_id}, ("assigned", "Dan", False, 2)),
        ("publish", None, ("assigned", "Dan", True, 3)),
        ("assign", {"staff_id": cast.sorcha.staff_id, "replacing": cast.dan.staff_id}, ("assigned", "Sorcha", True, 5)),
        ("unassign", {"reason": "Off sick"}, ("open", None, True, 6)),
        ("cancel", {"reason": "Not needed"}, ("cancelled", None, True, 7)),
    ]
    for call, body, expected in steps:
        answer = api.call("POST", f"/shifts/{shift}/{call}", cast.maya, body)
        assert answer.status_code == 200, answer.text
        found = answer.json
        assert (found["status"], found["staff_name"], found["published"], found["version"]) == expected
        assert answer.headers["ETag"] == f'"{expected[3]}"'


@pytest.mark.parametrize("call", ["publish", "unassign", "cancel", "assign"])
def test_what_cannot_be_done_twice_is_a_conflict(api: Api, cast: Cast, shift: int, call: str) -> None:
    body = {"staff_id": cast.dan.staff_id} if call == "assign" else None
    if call == "unassign":
        api.call("POST", f"/shifts/{shift}/assign", cast.maya, {"staff_id": cast.dan.staff_id})
    first = api.call("POST", f"/shifts/{shift}/{call}", cast.maya, body)
    again = api.call("POST", f"/shifts/{shift}/{call}", cast.maya, body)
    assert (first.status_code, again.status_code) == (200, 409)


def test_deleting_a_shift_cancels_it(api: Api, cast: Cast, shift: int) -> None:
    answer = api.call("DELETE", f"/shifts/{shift}", cast.maya)
    assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
    assert api.call("GET", f"/shifts/{shift}", cast.maya).json["status"] == "cancelled"


def test_somebody_with_a_shift_at_that_time_is_refused_by_its_name(api: Api, cast: Cast, shift: int) -> None:
    body = {"care_home_id": cast.rose, "role": "SCW", "date": "2026-12-07", "start": "12:00", "end": "16:00"}
    api.call("POST", f"/shifts/{shift}/assign", cast.maya, {"staff_id": cast.dan.staff_id})

    planned = api.call("POST", "/shifts", cast.maya, body | {"staff_id": cast.dan.staff_id})

    assert planned.status_code == 409
    assert planned.json["detail"].startswith("Dan already works at Rose House from 08:00 to 20:00 on 7 December 2026")


@pytest.mark.parametrize(
    ("call", "body", "path"),
    [
        ("assign", {}, "staff_id"),
        ("assign", {"staff_id": 999}, "staff_id"),
        ("assign", {"staff_id": "Dan"}, "staff_id"),
        ("assign", {"staff_id": 2, "force": True}, "force"),
        ("unassign", {"reason": "x" * 2001}, "reason"),
        ("publish", {"now": True}, "now"),
        ("cancel", {"reason": 3}, "reason"),
    ],
)
def test_a_body_without_sense_is_told_by_its_field(
    api: Api, cast: Cast, shift: int, call: str, body: dict[str, Any], path: str
) -> None:
    answer = api.call("POST", f"/shifts/{shift}/{call}", cast.maya, body)
    assert (answer.status_code, [each["path"] for each in answer.json["problems"]]) == (422, [path])


CALLS = [
    ("PATCH", "", {"notes": "x"}),
    ("DELETE", "", None),
    ("POST", "/assign", {"staff_id": 2}),
    ("POST", "/unassign", None),
    ("POST", "/publish", None),
    ("POST", "/cancel", None),
]


@pytest.mark.parametrize(("method", "call", "body"), CALLS)
def test_a_change_needs_the_right_the_home_and_the_scope(
    api: Api, cast: Cast, shift: int, method: str, call: str, body: Any
) -> None:
    def status(who: Any, number: int = shift, scopes: tuple[str, ...] = ("read", "rota")) -> int:
        headers = {"If-Match": "1"}
        return api.call(method, f"/shifts/{number}{call}", who, body, scopes=scopes, **headers).status_code

    assert status(cast.dan) == 403  # a carer plans nothing
    assert status(cast.hana) == 403  # nor does HR
    assert status(cast.erin) == 404  # another home's manager
    assert status(cast.maya, 999) == status(cast.erin, 999) == 404
    assert status(cast.maya, scopes=("read", "run")) == 403
    assert api.call("GET", f"/shifts/{shift}", cast.maya).json["version"] == 1


def test_a_senior_gives_shifts_to_people_and_does_no_more(api: Api, cast: Cast, shift: int) -> None:
    to_dan = {"staff_id": cast.dan.staff_id}
    assert api.call("POST", f"/shifts/{shift}/assign", cast.sorcha, to_dan).status_code == 200
    assert api.call("POST", f"/shifts/{shift}/unassign", cast.sorcha).status_code == 200
    assert api.call("POST", f"/shifts/{shift}/publish", cast.sorcha).status_code == 403
    assert api.call("DELETE", f"/shifts/{shift}", cast.sorcha).status_code == 403


@pytest.mark.parametrize(("method", "call", "body"), CALLS[1:])
def test_a_version_that_is_sent_counts_for_every_change(
    api: Api, cast: Cast, shift: int, method: str, call: str, body: Any
) -> None:
    answer = api.call(method, f"/shifts/{shift}{call}", cast.maya, body, **{"If-Match": "2"})
    assert (answer.status_code, answer.json["detail"][:16]) == (409, "Somebody changed")


def test_the_same_key_does_a_thing_once_and_gets_the_first_answer(api: Api, cast: Cast, shift: int, flow: Flow) -> None:
    body, keyed = {"staff_id": cast.dan.staff_id}, {"Idempotency-Key": "k1"}

    first = api.call("POST", f"/shifts/{shift}/assign", cast.maya, body, **keyed)
    api.call("POST", f"/shifts/{shift}/publish", cast.maya)
    again = api.call("POST", f"/shifts/{shift}/assign", cast.maya, body, **keyed)

    assert (again.status_code, again.json) == (200, first.json)
    with flow.database.read() as session:
        assert session.query(EventRecord).filter_by(type="staff_assigned").count() == 1
