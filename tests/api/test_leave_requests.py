"""Leave requests over the API: asking, looking, and who may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from flowapp.bootstrap import Flow
from flowapp.rota.leave import LeaveRequest
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import a_document, a_workflow, approve, condition, leave_asked, run_all
from tests.support.visitors import Api

DAY = {"type": "ANNUAL", "start_date": "2026-12-07", "end_date": "2026-12-07"}


def number_of_requests(flow: Flow) -> int:
    """Count the requests there are."""
    with flow.database.read() as session:
        return session.scalar(select(func.count()).select_from(LeaveRequest)) or 0


def test_asking_for_leave_answers_with_the_request(cast: Cast, api: Api) -> None:
    answer = api.call("POST", "/leave-requests", cast.dan, DAY | {"end_date": "2026-12-08", "reason": "A wedding"})
    assert answer.status_code == 201
    body = answer.json
    assert body is not None
    assert answer.headers["Location"] == f"/api/v1/leave-requests/{body['id']}"
    uid = body.pop("uid")
    assert len(uid) == 26
    assert body == {
        "id": 1, "staff_id": cast.dan.staff_id, "staff_name": "Dan", "type": "ANNUAL",
        "start_date": "2026-12-07", "start_part": "all", "end_date": "2026-12-08", "end_part": "all",
        "days": 2, "hours": 15, "calendar_days": 2, "status": "requested", "reason": "A wedding",
        "decided_by": None, "decided_at": None, "decision_reason": None, "auto_decided": False, "version": 1,
    }  # fmt: skip


def test_hours_are_numbers_with_all_their_digits_and_not_text(cast: Cast, api: Api) -> None:
    answer = api.call("POST", "/leave-requests", cast.dan, DAY | {"start_part": "am", "end_part": "am"})
    assert answer.status_code == 201
    assert '"hours":3.75' in answer.text
    assert '"days":0.5' in answer.text


def test_a_short_leave_may_be_decided_by_the_time_of_the_answer(flow: Flow, cast: Cast, api: Api) -> None:
    a_workflow(flow, cast.maya, a_document(condition("c", "${context.days} <= 3", then=[approve()])),
               home_id=cast.rose)  # fmt: skip
    flow.start()
    answer = api.call("POST", "/leave-requests", cast.dan, DAY)
    assert answer.json is not None
    assert (answer.json["status"], answer.json["auto_decided"]) == ("approved", True)


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("maya", "dan", 201),  # the manager asks for somebody of her home
        ("hana", "dan", 201),
        ("sorcha", "dan", 201),
        ("dan", "sorcha", 404),  # a carer asks for nobody else, and does not learn who there is
        ("vic", "dan", 404),
        ("erin", "dan", 404),
    ],
)
def test_who_may_ask_for_somebody_else(cast: Cast, api: Api, who: str, whom: str, status: int) -> None:
    body = DAY | {"staff_id": getattr(cast, whom).staff_id}
    assert api.call("POST", "/leave-requests", getattr(cast, who), body).status_code == status


def test_somebody_who_is_no_member_of_staff_says_for_whom(cast: Cast, api: Api) -> None:
    assert places(api.call("POST", "/leave-requests", cast.hana, DAY)) == ["staff_id"]


BAD = [
    ({"start_date": None}, ["start_date"]),
    ({"start_date": "tomorrow"}, ["start_date"]),
    ({"start_date": "2026-02-30"}, ["start_date"]),
    ({"start_date": "07/12/2026"}, ["start_date"]),
    ({"end_date": ""}, ["end_date"]),
    ({"end_date": "2026-12-01"}, ["end_date"]),  # before it begins
    ({"start_part": "evening"}, ["start_part"]),
    ({"end_part": 5}, ["end_part"]),
    ({"type": "GARDENING"}, ["type"]),
    ({"type": 5}, ["type"]),
    ({"reason": "x" * 2001}, ["reason"]),
    ({"reason": None}, ["reason"]),
    ({"staff_id": "Dan"}, ["staff_id"]),
    ({"colour": "blue"}, ["colour"]),
    ({"start_date": "2026-12-05", "end_date": "2026-12-05"}, ["start_date"]),  # a Saturday
    ({"start_date": "2150-01-04", "end_date": "2150-01-04"}, ["start_date", "end_date"]),
]


@pytest.mark.parametrize(("given", "expected"), BAD, ids=[str(row[0])[:60] for row in BAD])
def test_what_is_wrong_is_named_with_its_place(flow: Flow, cast: Cast, api: Api, given: Any, expected: Any) -> None:
    assert set(places(api.call("POST", "/leave-requests", cast.dan, DAY | given))) == set(expected)
    assert number_of_requests(flow) == 0


def test_everything_that_is_missing_is_named_at_once(cast: Cast, api: Api) -> None:
    assert set(places(api.call("POST", "/leave-requests", cast.dan, {"colour": 1}))) >= {
        "start_date", "end_date", "colour",
    }  # fmt: skip


def test_the_type_of_leave_is_said(cast: Cast, api: Api) -> None:
    body = {name: value for name, value in DAY.items() if name != "type"}
    assert places(api.call("POST", "/leave-requests", cast.dan, body)) == ["type"]


@pytest.mark.parametrize("day", [1_765_065_600, "2026-12-07T00:00:00", "1765065600"])
def test_a_day_is_written_as_a_day(cast: Cast, api: Api, day: Any) -> None:
    assert "start_date" in places(api.call("POST", "/leave-requests", cast.dan, DAY | {"start_date": day}))


TOO_LARGE = [2**63, 10**20, -(2**63) - 1]


@pytest.mark.parametrize("number", TOO_LARGE)
def test_a_member_of_staff_with_an_impossible_number_does_not_exist(cast: Cast, api: Api, number: int) -> None:
    answer = api.call("POST", "/leave-requests", cast.maya, DAY | {"staff_id": number})
    assert answer.status_code in (404, 422)


def test_a_member_of_staff_who_does_not_exist_is_said_to_be_none(cast: Cast, api: Api) -> None:
    refused(api.call("POST", "/leave-requests", cast.maya, DAY | {"staff_id": 4711}), 404)


@pytest.mark.parametrize(
    ("method", "path", "scope", "others"),
    [
        ("POST", "/leave-requests", "rota", ("read", "run", "edit", "admin")),
        ("POST", "/leave-requests/1/approve", "rota", ("read", "run", "edit", "admin")),
        ("POST", "/leave-requests/1/reject", "rota", ("read", "run")),
        ("POST", "/leave-requests/1/cancel", "rota", ("read", "run")),
        ("GET", "/leave-requests", "read", ("rota", "run", "edit", "admin")),
        ("GET", "/leave-requests/1", "read", ("rota",)),
        ("GET", "/leave-requests/1/checks", "read", ("rota",)),
    ],
)
def test_a_token_needs_the_scope(
    flow: Flow, cast: Cast, api: Api, method: str, path: str, scope: str, others: tuple[str, ...]
) -> None:
    leave_asked(flow, cast.dan)
    body = None if method == "GET" else DAY | {"reason": "No"} if path == "/leave-requests" else {"reason": "No"}
    words = refused(api.call(method, path, cast.maya, body, scopes=others), 403)
    assert repr(scope) in words
    assert number_of_requests(flow) == 1
    assert api.call(method, path, cast.maya, body, scopes=(scope,)).status_code in (200, 201)


@pytest.mark.parametrize(
    ("name", "status"),
    [("dan", 200), ("maya", 200), ("sorcha", 200), ("hana", 200), ("vic", 404), ("erin", 404)],
)
@pytest.mark.parametrize("path", ["/leave-requests/1", "/leave-requests/1/checks"])
def test_who_may_see_a_request(flow: Flow, cast: Cast, api: Api, name: str, status: int, path: str) -> None:
    leave_asked(flow, cast.dan)
    assert api.call("GET", path, getattr(cast, name)).status_code == status


@pytest.mark.parametrize(
    ("name", "sees"), [("dan", True), ("maya", True), ("hana", True), ("sorcha", False), ("ada", False)]
)
def test_the_reason_is_absent_for_those_who_may_not_know_it(
    flow: Flow, cast: Cast, api: Api, name: str, sees: bool
) -> None:
    api.call("POST", "/leave-requests", cast.dan, DAY | {"reason": "An operation"})
    for path in ("/leave-requests/1", "/leave-requests"):
        answer = api.call("GET", path, getattr(cast, name))
        assert ("An operation" in answer.text) is sees
        assert ('"reason":' in answer.text.replace('"decision_reason":', "")) is sees


@pytest.mark.parametrize("path", ["/leave-requests/99", "/leave-requests/99/checks"])
def test_a_request_that_does_not_exist_is_said_to_be_none(cast: Cast, api: Api, path: str) -> None:
    refused(api.call("GET", path, cast.maya), 404)


@pytest.mark.parametrize("path", [f"/leave-requests/{2**63}", f"/executions/{2**63}", f"/workflows/{10**25}"])
def test_a_record_with_an_impossible_number_does_not_exist(cast: Cast, api: Api, path: str) -> None:
    refused(api.call("GET", path, cast.maya), 404)


def listed(api: Api, who: Any, query: str = "") -> list[int]:
    """Answer the numbers of the requests that somebody is shown."""
    answer = api.call("GET", f"/leave-requests{query}", who)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    assert set(answer.json) == {"items", "next"}
    return [each["id"] for each in answer.json["items"]]


def test_one_is_shown_the_requests_of_ones_homes_or_ones_own_the_newest_first(flow: Flow, cast: Cast, api: Api) -> None:
    dan, vic, sorcha = (leave_asked(flow, who) for who in (cast.dan, cast.vic, cast.sorcha))
    assert listed(api, cast.dan) == [dan]
    assert listed(api, cast.maya) == [sorcha, dan]
    assert listed(api, cast.erin) == [vic]
    assert listed(api, cast.hana) == [sorcha, vic, dan]


def test_requests_are_found_by_how_they_stand(flow: Flow, cast: Cast, api: Api) -> None:
    first, second = leave_asked(flow, cast.dan), leave_asked(flow, cast.dan, start=date(2026, 12, 9))
    api.call("POST", f"/leave-requests/{first}/approve", cast.maya, {})
    assert listed(api, cast.maya, "?status=approved") == [first]
    assert listed(api, cast.maya, "?status=requested") == [second]
    assert places(api.call("GET", "/leave-requests?status=lost", cast.maya)) == ["status"]


def test_the_checks_are_those_of_now_until_the_decision_and_then_those_of_then(
    flow: Flow, cast: Cast, api: Api
) -> None:
    leave_id = leave_asked(flow, cast.dan)

    def checks() -> dict[str, str]:
        answer = api.call("GET", f"/leave-requests/{leave_id}/checks", cast.maya)
        assert answer.json is not None
        return {each["rule"]: each["text"] for each in answer.json["items"]}

    before = checks()
    assert "210 hours" in before["L03"]
    api.call("POST", f"/leave-requests/{leave_id}/approve", cast.maya, {})
    run_all(flow)
    assert "210 hours" in checks()["L03"]  # as it was when it was decided
