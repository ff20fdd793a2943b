"""Workflows over the API: switched on and off, archived and brought back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.workflows.switching import Switch
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, runs, switched
from tests.support.visitors import Api

EDIT = ("read", "edit")


@pytest.fixture
def roses(flow: Flow, cast: Cast) -> int:
    """An active workflow of Rose House."""
    return a_workflow(flow, cast.maya, a_document(name="Rose’s own"), home_id=cast.rose)


def ask(api: Api, who: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Ask with a token that may edit."""
    return api.call(method, path, who, body, scopes=EDIT, **headers)


def test_it_is_paused_with_a_reason_and_switched_on_again(api: Api, cast: Cast, roses: int) -> None:
    answer = ask(api, cast.maya, "POST", f"/workflows/{roses}/pause", {"reason": "The lift is broken."})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    body = answer.json
    assert (body["status"], body["rev"], body["paused_at"]) == ("paused", 2, "2026-11-23T09:00:00Z")
    assert body["paused_reason"] == "Paused by Maya: The lift is broken."
    body = ask(api, cast.maya, "POST", f"/workflows/{roses}/activate").json
    assert (body["status"], body["paused_at"], body["paused_reason"]) == ("active", None, None)
    assert (body["failing_since"], body["failures_in_a_row"]) == (None, 0)


def test_it_is_archived_listed_only_when_asked_for_and_brought_back(api: Api, cast: Cast, roses: int) -> None:
    assert ask(api, cast.maya, "DELETE", f"/workflows/{roses}").json["status"] == "archived"
    assert ask(api, cast.maya, "GET", "/workflows").json["items"] == []
    assert [each["id"] for each in ask(api, cast.maya, "GET", "/workflows?status=archived").json["items"]] == [roses]
    assert ask(api, cast.maya, "GET", f"/workflows/{roses}").json["status"] == "archived"
    assert ask(api, cast.maya, "POST", f"/workflows/{roses}/restore").json["status"] == "paused"


def test_what_came_meanwhile_is_in_the_list_of_runs(flow: Flow, api: Api, cast: Cast, roses: int) -> None:
    switched(flow, cast.maya, roses, Switch.PAUSE)
    leave_asked(flow, cast.dan)
    [found] = ask(api, cast.maya, "GET", f"/executions?workflow={roses}").json["items"]
    assert (found["status"], found["reason"]) == ("cancelled", "Not run: the workflow was paused.")
    detail = ask(api, cast.maya, "GET", f"/executions/{found['id']}").json
    assert [(step["status"], step["started_at"]) for step in detail["steps"]] in ([], [("not_reached", None)])


CALLS = [("POST", "/activate"), ("POST", "/pause"), ("DELETE", ""), ("POST", "/restore")]


@pytest.mark.parametrize(("method", "end"), CALLS)
@pytest.mark.parametrize(("name", "status"), [("dan", 403), ("sorcha", 403), ("hana", 403), ("erin", 404)])
def test_who_may_not(api: Api, cast: Cast, roses: int, method: str, end: str, name: str, status: int) -> None:
    refused(ask(api, getattr(cast, name), method, f"/workflows/{roses}{end}"), status)


@pytest.mark.parametrize(("method", "end"), CALLS)
def test_it_needs_the_scope_edit(api: Api, cast: Cast, roses: int, method: str, end: str) -> None:
    answer = api.call(method, f"/workflows/{roses}{end}", cast.maya, scopes=("read", "run", "rota", "admin"))
    assert "needs the scope 'edit'" in refused(answer, 403)


@pytest.mark.parametrize(("method", "end"), CALLS)
def test_one_that_does_not_exist_is_not_found(api: Api, cast: Cast, method: str, end: str) -> None:
    refused(ask(api, cast.maya, method, f"/workflows/99{end}"), 404)


def test_a_manager_of_one_home_may_not_switch_the_organisations(flow: Flow, api: Api, cast: Cast) -> None:
    made = a_workflow(flow, cast.ada, home_id=None)
    assert "responsible for all of it" in refused(ask(api, cast.maya, "POST", f"/workflows/{made}/pause"), 403)


def test_what_makes_no_sense_is_said(api: Api, cast: Cast, roses: int) -> None:
    words = refused(ask(api, cast.maya, "POST", f"/workflows/{roses}/activate"), 409)
    assert words == "“Rose’s own” is switched on already. Nothing was changed."


@pytest.mark.parametrize(
    ("body", "expected"),
    [({"reason": "x" * 301}, ["reason"]), ({"why": "x"}, ["why"]), ({"reason": "a\x00"}, ["reason"])],
)
def test_what_is_wrong_is_named(api: Api, cast: Cast, roses: int, body: Any, expected: list[str]) -> None:
    assert places(ask(api, cast.maya, "POST", f"/workflows/{roses}/pause", body)) == expected


def test_one_that_changed_since_it_was_seen_is_left(api: Api, cast: Cast, roses: int) -> None:
    assert ask(api, cast.maya, "GET", f"/workflows/{roses}").headers["ETag"] == '"1"'
    assert ask(api, cast.maya, "POST", f"/workflows/{roses}/pause", **{"If-Match": '"1"'}).status_code == 200
    assert ask(api, cast.maya, "POST", f"/workflows/{roses}/activate", **{"If-Match": "1"}).status_code == 409
    assert ask(api, cast.maya, "POST", f"/workflows/{roses}/activate", **{"If-Match": "2"}).status_code == 200


def test_the_same_call_twice_switches_once(flow: Flow, api: Api, cast: Cast, roses: int) -> None:
    for _ in range(2):
        answer = ask(api, cast.maya, "POST", f"/workflows/{roses}/pause", {}, **{"Idempotency-Key": "k"})
        assert (answer.status_code, answer.json["status"], answer.json["rev"]) == (200, "paused", 2)
    with flow.database.read() as session:
        actors = list(session.scalars(select(AuditEntry.actor).where(AuditEntry.action == "workflow.pause")))
    assert actors == [f"api:{cast.maya.user_id}"]


def test_a_paused_one_is_not_started_by_a_program(flow: Flow, api: Api, cast: Cast, roses: int) -> None:
    switched(flow, cast.maya, roses, Switch.PAUSE)
    refused(api.call("POST", f"/workflows/{roses}/execute", cast.maya, {}), 409)
    assert runs(flow) == []
