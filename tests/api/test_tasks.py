"""Tasks over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.support.visitors import Api


@pytest.fixture
def task(api: Api, cast: Cast) -> int:
    """A task of Rose House for its manager."""
    return int(made(api, cast)["id"])


def made(api: Api, cast: Cast, **given: Any) -> dict[str, Any]:
    """Make a task, and answer it."""
    body = {"title": "Ring the plumber", "queue": "manager", "care_home_id": cast.rose} | given
    answer = api.call("POST", "/tasks", cast.maya, body)
    assert answer.status_code == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def test_a_task_is_made_with_all_that_was_said(api: Api, cast: Cast) -> None:
    found = made(
        api, cast, body="The lift", due_on="2026-12-01", priority="high", assignee_id=cast.dan.user_id,
        links=[{"kind": "shift", "id": 3}], dedupe_key="lift",
    )  # fmt: skip
    assert found.items() >= {
        "status": "open", "due_on": "2026-12-01", "priority": "high", "assignee_name": "Dan",
        "links": [{"kind": "shift", "id": 3}], "made_by": "Maya", "created": True, "execution_id": None,
    }.items()  # fmt: skip
    again = made(api, cast, dedupe_key="lift")
    assert (again["id"], again["created"], again["body"]) == (found["id"], False, "The lift")


def test_the_same_call_twice_makes_one_task(api: Api, cast: Cast) -> None:
    body = {"title": "Ring the plumber", "queue": "manager", "care_home_id": cast.rose}
    answers = [api.call("POST", "/tasks", cast.maya, body, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert len(api.call("GET", "/tasks", cast.maya).json["items"]) == 1


def test_a_task_is_moved_to_its_end_and_back(api: Api, cast: Cast, task: int) -> None:
    seen = 1
    for status, reason in (("in_progress", ""), ("open", ""), ("done", "He came."), ("open", "")):
        body = {"status": status, "reason": reason}
        answer = api.call("PATCH", f"/tasks/{task}", cast.maya, body, **{"If-Match": str(seen)})
        assert (answer.status_code, answer.json["status"]) == (200, status)
        seen = answer.json["version"]
    assert answer.json["ended_by"] is None


def test_a_task_is_changed_and_moved_in_one_call(api: Api, cast: Cast, task: int) -> None:
    body = {"title": "Ring the electrician", "status": "in_progress"}
    answer = api.call("PATCH", f"/tasks/{task}", cast.maya, body, **{"If-Match": "1"})
    assert (answer.json["title"], answer.json["assignee_name"], answer.json["version"]) == (
        "Ring the electrician", "Maya", 3)  # fmt: skip


def test_cancelling_needs_a_reason_and_leaves_the_rest_undone(api: Api, cast: Cast, task: int) -> None:
    body = {"title": "Ring the electrician", "status": "cancelled"}
    answer = api.call("PATCH", f"/tasks/{task}", cast.maya, body, **{"If-Match": "1"})
    assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, "reason")
    assert api.call("GET", f"/tasks/{task}", cast.maya).json["title"] == "Ring the plumber"


@pytest.mark.parametrize("body", [{"title": "x"}, {"status": "open"}, {"status": "done"}])
def test_a_change_of_what_somebody_changed_meanwhile_is_refused(
    api: Api, cast: Cast, task: int, body: dict[str, Any]
) -> None:
    api.call("PATCH", f"/tasks/{task}", cast.maya, {"title": "Other"}, **{"If-Match": "1"})
    assert api.call("PATCH", f"/tasks/{task}", cast.maya, body, **{"If-Match": "1"}).status_code == 409
    assert api.call("PATCH", f"/tasks/{task}", cast.maya, body).status_code == 428


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 4), ("?mine=true", 1), ("?mine=false", 3), ("?queue=senior", 1), ("?status=done", 1), ("?overdue=true", 1),
     ("?overdue=false", 3), ("?home=ROSE", 4), ("?home=ELM", 0), ("?limit=1", 1)],
)  # fmt: skip
def test_the_list_is_narrowed(api: Api, cast: Cast, query: str, count: int) -> None:
    made(api, cast, due_on="2026-11-20")
    made(api, cast, assignee_id=cast.maya.user_id)
    made(api, cast, queue="senior")
    done = made(api, cast)["id"]
    api.call("PATCH", f"/tasks/{done}", cast.maya, {"status": "done"}, **{"If-Match": "1"})
    assert len(api.call("GET", f"/tasks{query}", cast.maya).json["items"]) == count


def test_nobody_of_another_home_sees_or_changes_a_task(api: Api, cast: Cast, task: int) -> None:
    for who in (cast.erin, cast.vic, cast.dan):
        assert api.call("GET", "/tasks", who).json["items"] == []
        assert api.call("GET", f"/tasks/{task}", who).status_code == 404
        changed = api.call("PATCH", f"/tasks/{task}", who, {"status": "done"}, **{"If-Match": "1"})
        assert changed.status_code == 404
    body = {"title": "x", "queue": "manager", "care_home_id": cast.rose}
    assert api.call("POST", "/tasks", cast.erin, body).status_code == 404
    assert api.call("GET", f"/tasks/{task}", cast.maya).json["version"] == 1


@pytest.mark.parametrize(
    ("given", "path"),
    [({"title": ""}, "title"), ({"title": "x" * 161}, "title"), ({"queue": "cook"}, "queue"),
     ({"body": "a\x00"}, "body"),
     ({"due_on": "soon"}, "due_on"), ({"due_on": "0001-01-01"}, "due_on"), ({"assignee_id": 0}, "assignee_id"),
     ({"assignee_id": 2**70}, "assignee_id"), ({"links": [{"kind": "Shift!", "id": 1}]}, "links.0.kind"),
     ({"links": [{"kind": "shift", "id": 1}] * 21}, "links"), ({"other": 1}, "other")],
)  # fmt: skip
def test_what_makes_no_sense_is_named(api: Api, cast: Cast, given: dict[str, Any], path: str) -> None:
    body = {"title": "Ring", "queue": "manager", "care_home_id": cast.rose} | given
    answer = api.call("POST", "/tasks", cast.maya, body)
    assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, path)


def test_a_token_that_only_reads_makes_nothing(api: Api, cast: Cast) -> None:
    body = {"title": "x", "queue": "manager", "care_home_id": cast.rose}
    assert api.call("POST", "/tasks", cast.maya, body, scopes=("read",)).status_code == 403
