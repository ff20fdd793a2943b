"""Runs over the API: the list with its filters, and one with all its steps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.engine.families import a_child, start
from tests.factories import a_document, a_workflow, approve, condition, leave_asked, notify, run_all, runs
from tests.support.visitors import Api

SHORT = a_document(condition("short", "${context.days} <= 3", then=[approve()], else_=[notify("ask")]), name="Short")


def asked(flow: Flow, who: Person, **leave: Any) -> int:
    """Let somebody ask for leave, run what that starts, and answer the newest run's number."""
    leave_asked(flow, who, **leave)
    run_all(flow)
    return runs(flow)[-1].id


@pytest.fixture
def dans(flow: Flow, cast: Cast) -> int:
    """The run about Dan's leave."""
    a_workflow(flow, cast.maya, SHORT, home_id=cast.rose)
    return asked(flow, cast.dan)


def body(api: Api, who: Person, number: int) -> dict[str, Any]:
    """Answer one run as somebody is shown it."""
    answer = api.call("GET", f"/executions/{number}", who)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return dict(answer.json)


def test_a_run_is_answered_with_everything_about_it(flow: Flow, cast: Cast, api: Api, dans: int) -> None:
    found = body(api, cast.maya, dans)
    assert found["workflow"] == {"id": 1, "name": "Short"}
    assert (found["id"], found["version"], found["status"], found["started_by"]) == (dans, 1, "completed", "Dan")
    assert found["trigger"].items() >= {"type": "event", "id": "asked"}.items()
    assert len(found["trigger"]["event_id"]) == 26  # as GET /events answers it
    assert found["context"]["days"] == 1
    assert found["error"] is None
    assert "Days requested was 1" in found["reason"]
    assert found["created_at"] == found["started_at"] == found["finished_at"] == "2026-11-23T09:00:00Z"
    assert found["duration_ms"] == 0


def test_its_steps_tell_what_each_did_and_why(cast: Cast, api: Api, dans: int) -> None:
    short, approved = body(api, cast.maya, dans)["steps"]
    assert (short["path"], short["step_id"], short["type"], short["status"]) == (
        "short",
        "short",
        "condition",
        "completed",
    )
    assert short["sentence"] == "If days requested is 3 or fewer"
    assert short["output"] == {"way": "then"}
    assert short["explanation"].startswith("Days requested was 1")
    assert (approved["path"], approved["action"], approved["status"]) == (
        "short.then.approve", "approve_leave", "completed",
    )  # fmt: skip
    assert approved["input"]["leave_request_id"] == 1
    assert approved["output"]["leave_request_id"] == 1
    assert approved["error"] is None
    assert approved["attempt"] == 1
    assert approved["duration_ms"] == 0


def test_a_failed_run_says_where_and_why_and_shows_the_trace_to_the_administrator_alone(
    flow: Flow, cast: Cast, api: Api
) -> None:
    a_workflow(flow, cast.sorcha, a_document(approve()), home_id=cast.rose)  # she may not decide
    number = asked(flow, cast.dan)
    found = body(api, cast.maya, number)
    assert found["status"] == "failed"
    assert found["error"]["path"] == "approve"
    assert found["steps"][0]["error"]["message"] == found["reason"] == found["error"]["message"]
    assert "Traceback" not in api.call("GET", f"/executions/{number}", cast.maya).text
    [trace] = body(api, cast.ada, number)["steps"][0]["traces"]
    assert "Traceback" in trace


PRIVATE = ("started_by", "context", "result", "reason", "error")
OWN = set(PRIVATE) - {"result"}  # what its last step gave may be about somebody else


def test_a_colleague_sees_that_it_ran_and_nothing_of_whom(flow: Flow, cast: Cast, api: Api, dans: int) -> None:
    sorchas = asked(flow, cast.sorcha)
    found = body(api, cast.dan, sorchas)
    assert set(PRIVATE).isdisjoint(found)  # absent, not empty
    assert found["status"] == "completed"
    for step in found["steps"]:
        assert {"input", "output", "error", "explanation", "traces"}.isdisjoint(step)
    whole = api.call("GET", f"/executions/{sorchas}", cast.dan).text
    assert "Sorcha" not in whole
    assert "sorcha@example.org" not in whole
    assert set(body(api, cast.dan, dans)) >= OWN  # one's own is shown


def test_a_run_about_oneself_tells_nothing_of_what_colleagues_did_in_it(flow: Flow, cast: Cast, api: Api) -> None:
    """A step that waits for any leave may have taken that of a colleague, and another run gives what it gives."""
    child = a_child(flow, cast, {"id": "v", "type": "set", "values": {"who": "${context.who}"}})
    waits = {"id": "w", "type": "wait", "for_events": [{"event": "leave_requested"}]}
    who = "${steps.w.event.context.staff.name}"
    colleagues = {**approve("theirs"), "with": {"leave_request_id": "${steps.w.event.context.leave_request_id}"}}
    mine = {**approve("mine"), "on_error": "continue"}
    steps = (mine, waits, colleagues, start(child, **{"with": {"who": who}}))
    a_workflow(flow, cast.maya, a_document(*steps, settings={"mode": "single"}), home_id=cast.rose)
    dans = asked(flow, cast.dan)
    asked(flow, cast.sorcha, start=date(2026, 12, 9))
    whole = body(api, cast.maya, dans)
    assert whole["status"] == "completed", whole["reason"]
    assert whole["result"]["output"] == {"who": "Sorcha"}
    found = body(api, cast.dan, dans)
    steps_shown = {each["path"]: each for each in found["steps"]}
    assert steps_shown["mine"]["output"]["staff_id"] == cast.dan.staff_id
    for path in ("w", "theirs", "s"):
        assert {"input", "output"}.isdisjoint(steps_shown[path]), path
        assert "explanation" in steps_shown[path]
    assert "result" not in found
    for shown in (found["steps"], api.call("GET", "/executions", cast.dan).text):
        assert "Sorcha" not in str(shown)
        assert "sorcha@example.org" not in str(shown)


def test_the_list_hides_the_same_as_the_run_itself(flow: Flow, cast: Cast, api: Api, dans: int) -> None:
    sorchas = asked(flow, cast.sorcha)
    answer = api.call("GET", "/executions", cast.dan)
    assert "Sorcha" not in answer.text
    assert answer.json is not None
    shown = {each["id"]: set(each) >= OWN for each in answer.json["items"]}
    assert shown == {dans: True, sorchas: False}


@pytest.mark.parametrize(("name", "status"), [("dan", 200), ("maya", 200), ("vic", 404), ("erin", 404), ("ada", 200)])
def test_who_may_see_a_run(cast: Cast, api: Api, dans: int, name: str, status: int) -> None:
    assert api.call("GET", f"/executions/{dans}", getattr(cast, name)).status_code == status


def test_a_run_that_does_not_exist_is_said_to_be_none(cast: Cast, api: Api) -> None:
    refused(api.call("GET", "/executions/99", cast.ada), 404)


def test_a_token_needs_the_scope(cast: Cast, api: Api, dans: int) -> None:
    for path in ("/executions", f"/executions/{dans}"):
        assert "'read'" in refused(api.call("GET", path, cast.maya, scopes=("run", "rota")), 403)


def listed(api: Api, who: Person, query: str = "") -> list[int]:
    """Answer the numbers of the runs somebody is shown."""
    answer = api.call("GET", f"/executions{query}", who)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return [each["id"] for each in answer.json["items"]]


@pytest.fixture
def three(flow: Flow, cast: Cast, clock: FrozenClock) -> list[int]:
    """Three runs, an hour apart: about Dan, about Sorcha, and one that failed."""
    a_workflow(flow, cast.maya, SHORT, home_id=cast.rose)
    found = [asked(flow, cast.dan)]
    clock.advance(hours=1)
    found.append(asked(flow, cast.sorcha))
    clock.advance(hours=1)
    found.append(asked(flow, cast.maya, start=date(2026, 12, 9)))
    return found


def test_runs_are_found_by_workflow_status_time_and_text(flow: Flow, cast: Cast, api: Api, three: list[int]) -> None:
    one, two, failed = three
    assert listed(api, cast.maya) == [failed, two, one]
    assert listed(api, cast.maya, "?status=failed") == [failed]
    assert listed(api, cast.maya, "?workflow=1&status=completed") == [two, one]
    assert listed(api, cast.maya, "?workflow=2") == []
    assert listed(api, cast.maya, "?q=sorcha") == [two]
    assert listed(api, cast.maya, "?q=short") == [failed, two, one]
    assert listed(api, cast.maya, "?q=%25") == []
    assert listed(api, cast.maya, "?since=2026-11-23T10:00:00Z") == [failed, two]
    assert listed(api, cast.maya, "?until=2026-11-23T10:00:00%2B00:00") == [one]
    assert listed(api, cast.maya, "?since=2026-11-23T11:00:00%2B01:00&until=2026-11-23T10:30:00Z") == [two]
    assert listed(api, cast.vic) == []


def test_runs_are_found_by_what_started_them(cast: Cast, api: Api, three: list[int]) -> None:
    assert listed(api, cast.maya, "?trigger=manual") == []
    assert listed(api, cast.maya, "?trigger=event") == three[::-1]


def test_the_list_comes_a_page_at_a_time_without_gaps_or_doubles(cast: Cast, api: Api, three: list[int]) -> None:
    found: list[int] = []
    query = "?limit=1"
    for _ in range(10):
        answer = api.call("GET", f"/executions{query}", cast.maya).json
        assert answer is not None
        assert len(answer["items"]) == 1
        found += [each["id"] for each in answer["items"]]
        if answer["next"] is None:
            break
        query = f"?limit=1&cursor={answer['next']}"
    assert found == three[::-1]


@pytest.mark.parametrize("path", ["/executions", "/leave-requests"])
@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.5", "limit"),
        ("limit=many", "limit"),
        ("limit=\uff11\uff12\uff13\uff14\uff15\uff16\uff17", "limit"),
        ("cursor=0", "cursor"),
        ("cursor=abc", "cursor"),
        (f"cursor={10**30}", "cursor"),
    ],
)
def test_a_page_that_makes_no_sense_is_named(cast: Cast, api: Api, path: str, query: str, place: str) -> None:
    assert places(api.call("GET", f"{path}?{query}", cast.maya)) == [place]


@pytest.mark.parametrize("path", ["/executions", "/leave-requests"])
def test_the_largest_page_is_200(cast: Cast, api: Api, path: str) -> None:
    answer = api.call("GET", f"{path}?limit=200", cast.maya)
    assert answer.json == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("status=lost", "status"),
        ("workflow=x", "workflow"),
        ("workflow=0", "workflow"),
        ("since=yesterday", "since"),
        ("since=2026-11-23", "since"),  # which midnight?
        ("until=2026-11-23T10:00:00", "until"),  # without an offset
        ("until=2026-13-01T00:00:00Z", "until"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(cast: Cast, api: Api, query: str, place: str) -> None:
    assert places(api.call("GET", f"/executions?{query}", cast.maya)) == [place]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_at_the_end_of_time_breaks_nothing(cast: Cast, api: Api, moment: str) -> None:
    assert api.call("GET", f"/executions?since={moment}", cast.maya).status_code in (200, 422)


def test_a_run_tells_what_it_gave_and_which_step_started_it(flow: Flow, cast: Cast, api: Api, dans: int) -> None:
    assert body(api, cast.maya, dans)["parent"] is None
    assert body(api, cast.maya, dans)["result"]["leave_request_id"] == 1  # of the way that was gone
    values = {"id": "v", "type": "set", "values": {"days": "${context.days * 2}"}}
    child = a_child(flow, cast, values)
    asked_too = start(child, **{"with": {"days": "${context.days}"}})
    a_workflow(flow, cast.maya, a_document(asked_too, name="Parent"), home_id=cast.rose)
    asked(flow, cast.dan, start=date(2026, 12, 9))
    parent, made = runs(flow)[-2:]
    found = body(api, cast.maya, made.id)
    assert found["parent"] == {"execution_id": parent.id, "path": "s"}
    assert found["trigger"] == {"type": "step", "id": "step"}
    assert found["result"] == {"days": 2}
    [step] = body(api, cast.maya, parent.id)["steps"]
    assert step["sentence"] == "Run Tell the family and wait for it"
    assert step["output"] == {"execution_id": made.id, "status": "completed", "output": {"days": 2}}
    assert listed(api, cast.maya, "?trigger=step") == [made.id]


def test_a_run_that_failed_gave_nothing(flow: Flow, cast: Cast, api: Api) -> None:
    a_workflow(flow, cast.sorcha, a_document(notify("tell"), approve()), home_id=cast.rose)
    assert body(api, cast.maya, asked(flow, cast.dan))["result"] is None
