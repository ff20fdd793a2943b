"""Shifts over the API: seeing and planning them. What is done to one afterwards is in test_shift_changes.py."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.accounts.people import Person
from tests.cast import Cast
from tests.support.visitors import Api


@pytest.fixture
def plan(api: Api, cast: Cast) -> Any:
    """Plan a long day at Rose House as Maya does, and answer its body."""

    def planned(**given: Any) -> dict[str, Any]:
        publish = given.pop("publish", False)
        who = given.pop("who", cast.maya)
        body = {"care_home_id": cast.rose, "role": "SCW", "date": "2026-12-07", "start": "08:00", "end": "20:00"}
        answer = api.call("POST", "/shifts", who, body | given)
        assert answer.status_code == 201, answer.text
        if publish:
            answer = api.call("POST", f"/shifts/{answer.json['id']}/publish", who)
        return dict(answer.json)

    return planned


def ids(answer: Any) -> list[int]:
    """Answer the numbers of a list."""
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json["items"]]


def test_a_manager_plans_a_shift(api: Api, cast: Cast) -> None:
    answer = api.call("POST", "/shifts", cast.maya, {
        "care_home_id": cast.rose, "role": "SCW", "date": "2026-10-24", "start": "20:00", "end": "08:00",
        "unpaid_break_minutes": 60, "notes": "Clocks go back", "skills": [" MEDS", "MEDS", "FIRE"],
    })  # fmt: skip

    assert answer.status_code == 201
    assert (answer.headers["Location"], answer.headers["ETag"]) == ("/api/v1/shifts/1", '"1"')
    body = answer.json
    uid = body.pop("uid")
    assert len(uid) == 26
    assert body == {
        "id": 1, "care_home_id": cast.rose, "unit_id": None, "unit_name": None, "role": "SCW", "date": "2026-10-24",
        "start": "20:00", "end": "08:00", "timezone": "Europe/London", "starts_at": "2026-10-24T19:00:00Z",
        "ends_at": "2026-10-25T08:00:00Z", "unpaid_break_minutes": 60, "hours": 12, "kind": "regular",
        "working_time": "full", "type": "night", "status": "open", "staff_id": None, "staff_name": None,
        "published": False, "published_at": None, "acknowledged_at": None, "notes": "Clocks go back",
        "skills": ["MEDS", "FIRE"], "version": 1, "cancel_reason": "",
    }  # fmt: skip
    assert api.call("GET", "/shifts/1", cast.maya).json == body | {"uid": uid}


def test_a_shift_is_planned_for_somebody_at_once(plan: Any, cast: Cast) -> None:
    body = plan(staff_id=cast.dan.staff_id)
    assert (body["status"], body["staff_name"]) == ("assigned", "Dan")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"start": "8am"}, "start"),
        ({"end": "25:00"}, "end"),
        ({"end": "08:00"}, "end"),  # 24 hours
        ({"date": "2026-02-30"}, "date"),
        ({"date": None}, "date"),
        ({"role": "carer"}, "role"),
        ({"role": None}, "role"),
        ({"unit_id": 999}, "unit_id"),
        ({"unpaid_break_minutes": 500}, "unpaid_break_minutes"),
        ({"kind": "extra"}, "kind"),
        ({"staff_id": 999}, "staff_id"),
        ({"staff_id": 2**70}, "staff_id"),
        ({"skills": ["not a code"]}, "skills"),
        ({"skills": "MEDS"}, "skills"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_with_a_shift_is_told_by_its_field(
    api: Api, cast: Cast, given: dict[str, Any], path: str
) -> None:
    body = {"care_home_id": cast.rose, "role": "SCW", "date": "2026-12-07", "start": "08:00", "end": "20:00"} | given

    answer = api.call("POST", "/shifts", cast.maya, body)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [each["path"] for each in answer.json["problems"]] == [path]
    assert ids(api.call("GET", "/shifts", cast.maya)) == []


def test_only_whoever_plans_the_home_may_plan_shifts(api: Api, cast: Cast) -> None:
    body = {"care_home_id": cast.rose, "role": "SCW", "date": "2026-12-07", "start": "08:00", "end": "20:00"}

    assert [api.call("POST", "/shifts", who, body).status_code for who in (cast.dan, cast.sorcha, cast.hana)] == [
        403
    ] * 3
    assert api.call("POST", "/shifts", cast.erin, body).status_code == 404
    assert api.call("POST", "/shifts", cast.ada, body | {"care_home_id": 999}).status_code == 404
    assert api.call("POST", "/shifts", cast.maya, body, scopes=("read", "run")).status_code == 403
    assert api.call("POST", "/shifts", cast.ada, body).status_code == 201


def test_the_same_key_plans_one_shift(api: Api, cast: Cast) -> None:
    body = {"care_home_id": cast.rose, "role": "SCW", "date": "2026-12-07", "start": "08:00", "end": "20:00"}
    keyed = {"Idempotency-Key": "k1"}

    first = api.call("POST", "/shifts", cast.maya, body, **keyed)
    again = api.call("POST", "/shifts", cast.maya, body, **keyed)
    other = api.call("POST", "/shifts", cast.maya, body | {"end": "21:00"}, **keyed)

    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert (other.status_code, other.json["problems"][0]["code"]) == (422, "key_reused")
    assert ids(api.call("GET", "/shifts", cast.maya)) == [first.json["id"]]


def test_staff_see_what_is_published_in_their_home_and_those_who_plan_see_all(api: Api, cast: Cast, plan: Any) -> None:
    draft, shown = plan()["id"], plan(publish=True, staff_id=cast.sorcha.staff_id)["id"]
    elsewhere = plan(who=cast.erin, care_home_id=cast.elm, publish=True)["id"]

    for who, seen in (
        (cast.dan, [shown]), (cast.sorcha, [draft, shown]), (cast.maya, [draft, shown]), (cast.vic, [elsewhere]),
        (cast.erin, [elsewhere]), (cast.hana, [draft, shown, elsewhere]),
    ):  # fmt: skip
        assert ids(api.call("GET", "/shifts", who)) == seen, who.name
        for shift_id in (draft, shown, elsewhere):
            answer = api.call("GET", f"/shifts/{shift_id}", who)
            assert answer.status_code == (200 if shift_id in seen else 404), (who.name, shift_id)
    assert api.call("GET", f"/shifts/{shown}", cast.dan).json["staff_name"] == "Sorcha"


def test_a_shift_one_may_not_see_answers_as_one_that_does_not_exist(api: Api, cast: Cast, plan: Any) -> None:
    draft = plan()["id"]
    for who in (cast.dan, cast.vic):
        hidden, missing = api.call("GET", f"/shifts/{draft}", who), api.call("GET", "/shifts/999", who)
        assert (hidden.status_code, hidden.json) == (404, missing.json)


def test_why_a_shift_was_cancelled_is_left_out_for_staff(api: Api, cast: Cast, plan: Any) -> None:
    shift_id = plan(publish=True)["id"]
    api.call("POST", f"/shifts/{shift_id}/cancel", cast.maya, {"reason": "A resident is in hospital"})

    def body(who: Person) -> dict[str, Any]:
        return dict(api.call("GET", f"/shifts/{shift_id}", who).json)

    assert (body(cast.dan)["status"], "cancel_reason" in body(cast.dan)) == ("cancelled", False)
    assert body(cast.sorcha)["cancel_reason"] == "A resident is in hospital"


@pytest.fixture
def week(cast: Cast, plan: Any) -> dict[str, int]:
    """Five shifts by a name for each."""
    return {
        "late": plan(start="14:00", end="21:00")["id"],
        "early": plan(start="07:00", end="14:00", staff_id=cast.dan.staff_id)["id"],
        "next day": plan(date="2026-12-08")["id"],
        "day before": plan(date="2026-12-06", staff_id=cast.dan.staff_id)["id"],
        "elm": plan(who=cast.erin, care_home_id=cast.elm)["id"],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["day before", "early", "elm", "late", "next day"]),  # as they start
        ("home=ROSE", ["day before", "early", "late", "next day"]),
        ("home={elm}", ["elm"]),
        ("home=999", []),
        ("from=2026-12-07", ["early", "elm", "late", "next day"]),
        ("to=2026-12-07", ["day before", "early", "elm", "late"]),
        ("from=2026-12-07&to=2026-12-07&home=rose", ["early", "late"]),
        ("status=assigned", ["day before", "early"]),
        ("open=true&home=ROSE", ["late", "next day"]),
        ("open=false", ["day before", "early"]),
        ("open=1&status=assigned", []),
    ],
)
def test_shifts_are_found_by_home_days_and_status(
    api: Api, cast: Cast, week: dict[str, int], query: str, expected: list[str]
) -> None:
    found = ids(api.call("GET", f"/shifts?{query.format(elm=cast.elm)}", cast.ada))
    assert found == [week[name] for name in expected]


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_list_of_shifts_goes_on_where_it_stopped(api: Api, cast: Cast, week: dict[str, int], limit: int) -> None:
    found: list[int] = []
    cursor = ""
    while cursor is not None:
        answer = api.call("GET", f"/shifts?limit={limit}&cursor={cursor}", cast.ada)
        found += ids(answer)
        cursor = answer.json["next"]
    assert found == ids(api.call("GET", "/shifts", cast.ada))


@pytest.mark.parametrize(
    "query", ["from=soon", "to=2026-13-01", "status=free", "open=perhaps", "limit=500", "cursor=x", "cursor=999"]
)
def test_a_senseless_filter_is_told(api: Api, cast: Cast, query: str) -> None:
    answer = api.call("GET", f"/shifts?{query}", cast.dan)
    assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, query.partition("=")[0])


def test_a_cursor_tells_nothing_of_a_shift_one_may_not_see(api: Api, cast: Cast, week: dict[str, int]) -> None:
    assert api.call("GET", f"/shifts?cursor={week['elm']}", cast.maya).status_code == 422


def test_without_a_token_nothing_is_answered(app: Any, cast: Cast) -> None:
    for method, path in (("GET", "/shifts"), ("POST", "/shifts"), ("GET", "/shifts/1"), ("PATCH", "/shifts/1")):
        assert app.test_client().open(f"/api/v1{path}", method=method, json={}).status_code == 401
