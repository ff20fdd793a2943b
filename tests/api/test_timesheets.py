"""Timesheets over the API: clocking, handing in, deciding; with filters, versions and keys."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.factories import a_shift
from tests.support.visitors import Api

EVENING = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)


@pytest.fixture
def shift(flow: Flow, cast: Cast) -> int:
    """Dan's shift of today at Rose House, from 08:00 to 20:00."""
    return a_shift(flow, cast.maya, cast.rose, day=date(2026, 11, 23), staff=cast.dan, published=True)


def handed_in(api: Api, cast: Cast, shift: int, clock: FrozenClock, **given: Any) -> Any:
    """Let Dan hand in his hours in the evening."""
    clock.set(EVENING)
    body = {"shift_id": shift, "start": "08:00", "end": "20:00", "break_minutes": 0, **given}
    return api.call("POST", "/timesheets", cast.dan, body)


def test_a_day_from_clocking_in_to_approval(api: Api, cast: Cast, shift: int, clock: FrozenClock) -> None:
    came = api.call("POST", f"/shifts/{shift}/clock-in", cast.dan, {"reason": "The bus"})
    assert (came.status_code, came.json["status"], came.json["in_at"]) == (200, "draft", "2026-11-23T09:00:00Z")
    clock.set(EVENING.replace(hour=20, minute=0))
    went = api.call("POST", f"/shifts/{shift}/clock-out", cast.dan)
    assert (went.json["hours"], went.json["difference"]) == (11, "Came 60 minutes late: 1 hour fewer than planned")

    path = f"/timesheets/{came.json['id']}"
    hours = {"start": "09:00", "end": "20:00", "break_minutes": 0}
    sent = api.call("POST", f"{path}/submit", cast.dan, hours, **{"If-Match": "2"})
    assert (sent.status_code, sent.json["status"], sent.headers["ETag"]) == (200, "submitted", '"3"')
    done = api.call("POST", f"{path}/approve", cast.maya, **{"If-Match": "3"})
    assert (done.json["status"], done.json["decided_by"]) == ("approved", "Maya")
    assert api.call("GET", path, cast.dan).json == done.json
    assert api.call("GET", f"/shifts/{shift}", cast.maya).json["status"] == "completed"


def test_hours_are_queried_and_handed_in_again(api: Api, cast: Cast, shift: int, clock: FrozenClock) -> None:
    made = handed_in(api, cast, shift, clock, end="21:00")
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1/timesheets/{made.json['id']}")
    path = f"/timesheets/{made.json['id']}"
    assert api.call("POST", f"{path}/query", cast.maya, {"reason": " "}).status_code == 422
    queried = api.call("POST", f"{path}/query", cast.maya, {"reason": "Why longer?"})
    assert (queried.json["status"], queried.json["reason"]) == ("queried", "Why longer?")
    again = handed_in(api, cast, shift, clock, end="20:30", reason="The night came late")
    assert (again.json["id"], again.json["status"], again.json["note"]) == (
        made.json["id"], "submitted", "The night came late")  # fmt: skip


def test_the_same_request_is_done_once(api: Api, cast: Cast, shift: int) -> None:
    calls = [
        api.call("POST", f"/shifts/{shift}/clock-in", cast.dan, {}, **{"Idempotency-Key": "one"}) for _ in range(2)
    ]
    assert [each.status_code for each in calls] == [200, 200]
    assert calls[0].json == calls[1].json
    assert api.call("POST", f"/shifts/{shift}/clock-in", cast.dan, {}).status_code == 409


def test_what_somebody_else_changed_meanwhile_is_not_approved(
    api: Api, cast: Cast, shift: int, clock: FrozenClock
) -> None:
    made = handed_in(api, cast, shift, clock)
    handed_in(api, cast, shift, clock, end="21:00")
    path = f"/timesheets/{made.json['id']}"
    assert api.call("POST", f"{path}/approve", cast.maya, **{"If-Match": "1"}).status_code == 409
    assert api.call("POST", f"{path}/approve", cast.maya, **{"If-Match": "2"}).status_code == 200


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"start": "noon"}, "start"),
        ({"end": "25:00"}, "end"),
        ({"start": "01:00"}, "start"),
        ({"end": "08:00"}, "end"),
        ({"break_minutes": 241}, "break_minutes"),
        ({"start_which": "third"}, "start_which"),
        ({"reason": "x" * 2001}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"shift_id": "one"}, "shift_id"),
        ({"hours": 12}, "hours"),
    ],
)
def test_what_makes_no_sense_is_told_by_its_field(
    api: Api, cast: Cast, shift: int, clock: FrozenClock, given: dict[str, Any], path: str
) -> None:
    answer = handed_in(api, cast, shift, clock, **given)
    assert (answer.status_code, [each["path"] for each in answer.json["problems"]]) == (422, [path])


def test_a_home_keeps_its_hours_to_itself(api: Api, cast: Cast, shift: int, clock: FrozenClock) -> None:
    number = handed_in(api, cast, shift, clock).json["id"]
    for who in (cast.vic, cast.erin):
        for method, path, body in (
            ("GET", f"/timesheets/{number}", None),
            ("POST", f"/timesheets/{number}/submit", {"start": "08:00", "end": "20:00", "break_minutes": 0}),
            ("POST", "/timesheets", {"shift_id": shift, "start": "08:00", "end": "20:00", "break_minutes": 0}),
            ("POST", f"/shifts/{shift}/clock-in", {}),
            ("POST", f"/shifts/{shift}/clock-out", None),
        ):
            assert api.call(method, path, who, body).status_code == 404, path
        assert api.call("GET", "/timesheets", who).json["items"] == []
    assert api.call("POST", f"/timesheets/{number}/approve", cast.erin).status_code == 404
    for who in (cast.dan, cast.sorcha):
        assert api.call("POST", f"/timesheets/{number}/approve", who).status_code == 403


def test_a_list_is_filtered_and_goes_on(api: Api, cast: Cast, flow: Flow, clock: FrozenClock) -> None:
    days = [date(2026, 11, day) for day in (20, 21, 22)]
    shifts = [a_shift(flow, cast.maya, cast.rose, day=day, staff=cast.dan, published=True) for day in days]
    first, second, third = (handed_in(api, cast, each, clock).json["id"] for each in shifts)
    api.call("POST", f"/timesheets/{second}/approve", cast.maya)

    def found(query: str) -> list[int]:
        return [each["id"] for each in api.call("GET", f"/timesheets?{query}", cast.hana).json["items"]]

    assert found("") == [third, second, first]
    assert found("status=approved") == [second]
    assert found("from=2026-11-21") == [third, second]
    assert found("to=2026-11-20") == [first]
    assert (found("home=rose"), found("home=ELM")) == ([third, second, first], [])
    assert (found(f"staff={cast.dan.staff_id}"), found(f"staff={cast.maya.staff_id}")) == ([third, second, first], [])
    page = api.call("GET", "/timesheets?limit=2", cast.hana).json
    assert [each["id"] for each in page["items"]] == [third, second]
    assert found(f"limit=2&cursor={page['next']}") == [first]
    for nonsense in ("status=lost", "from=yesterday", "staff=Dan"):
        assert api.call("GET", f"/timesheets?{nonsense}", cast.hana).status_code == 422


def test_approved_hours_are_exported_once(api: Api, cast: Cast, shift: int, clock: FrozenClock) -> None:
    number = handed_in(api, cast, shift, clock).json["id"]
    api.call("POST", f"/timesheets/{number}/approve", cast.maya)
    body = {"care_home_id": cast.rose, "first_day": "2026-11-01", "last_day": "2026-11-30"}
    made = api.call("POST", "/payroll-exports", cast.maya, body, **{"Idempotency-Key": "november"})
    assert (made.status_code, made.json["lines"], made.json["hours"]) == (201, 1, 12)
    assert api.call("POST", "/payroll-exports", cast.maya, body, **{"Idempotency-Key": "november"}).json == made.json
    assert api.call("POST", "/payroll-exports", cast.maya, body).json["problems"][0]["code"] == "nothing_new"
    again = api.call("POST", "/payroll-exports", cast.maya, body | {"again": True})
    assert (again.json["lines"], again.json["new_lines"]) == (1, 0)

    file = api.call("GET", f"/payroll-exports/{made.json['id']}/file?bom=true", cast.hana).json
    assert file["name"] == f"payroll-ROSE-2026-11-01-2026-11-30-{made.json['id']}.csv"
    assert file["text"].splitlines()[1].startswith("E-Dan,Dan,2026-11-23,2026-11-23 08:00,2026-11-23 20:00,0,12,")
    assert [each["id"] for each in api.call("GET", "/payroll-exports?home=ROSE", cast.maya).json["items"]] == [
        again.json["id"], made.json["id"]]  # fmt: skip
    for path in (f"/payroll-exports/{made.json['id']}", f"/payroll-exports/{made.json['id']}/file"):
        assert api.call("GET", path, cast.erin).status_code == 404
        assert api.call("GET", path, cast.dan).status_code == 403
    assert api.call("GET", "/payroll-exports", cast.erin).json["items"] == []
    assert api.call("POST", "/payroll-exports", cast.erin, body).status_code == 404
