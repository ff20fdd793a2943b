"""Workflows over the API: the list, one of them, and starting one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.workflows.publishing import create_workflow
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import WorkflowStatus, workflow
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import a_document, a_workflow, cause_of, notify, run_all, runs
from tests.support.visitors import Api

INPUTS = [{"name": "unit", "label": "Unit"}, {"name": "weeks", "label": "Weeks", "type": "number", "required": False}]


def by_hand(inputs: Any = None, **given: Any) -> dict[str, Any]:
    """Answer a document that somebody starts."""
    trigger: dict[str, Any] = {"id": "m", "type": "manual"}
    return a_document(notify("tell"), triggers=[trigger | ({"inputs": inputs} if inputs else {})], **given)


@pytest.fixture
def roses(flow: Flow, cast: Cast) -> int:
    """A workflow of Rose House that somebody starts."""
    return a_workflow(flow, cast.maya, by_hand(INPUTS), home_id=cast.rose)


def test_one_workflow_is_answered_with_its_document_and_its_summary(
    flow: Flow, cast: Cast, api: Api, roses: int
) -> None:
    answer = api.call("GET", f"/workflows/{roses}", cast.maya)
    assert answer.status_code == 200
    body = answer.json
    assert body is not None
    assert body["document"] == by_hand(INPUTS)
    assert body["summary"] == "When somebody starts it and gives unit, weeks: notify the manager: Look."
    assert {k: body[k] for k in ("id", "name", "status", "home", "owner", "rev", "version", "category")} == {
        "id": roses, "name": "A workflow", "status": "active", "home": "ROSE", "owner": "Maya", "rev": 1,
        "version": 1, "category": "custom",
    }  # fmt: skip
    assert body["created_at"] == "2026-11-23T09:00:00Z"


@pytest.mark.parametrize(
    ("name", "home", "status"),
    [
        ("dan", "rose", 200),  # everybody sees the workflows of their home
        ("maya", "rose", 200),
        ("hana", "rose", 200),
        ("vic", "rose", 404),
        ("erin", "rose", 404),
        ("dan", None, 200),  # and those of the organisation
        ("vic", None, 200),
    ],
)
def test_who_may_see_a_workflow(flow: Flow, cast: Cast, api: Api, name: str, home: str | None, status: int) -> None:
    made = a_workflow(flow, cast.hana, home_id=getattr(cast, home) if home else None)
    assert api.call("GET", f"/workflows/{made}", getattr(cast, name)).status_code == status


def test_a_workflow_that_does_not_exist_is_said_to_be_none(cast: Cast, api: Api) -> None:
    refused(api.call("GET", "/workflows/99", cast.maya), 404)
    refused(api.call("POST", "/workflows/99/execute", cast.maya, {}), 404)


def names(api: Api, who: Any, query: str = "") -> list[str]:
    """Answer the names of the workflows somebody is shown."""
    answer = api.call("GET", f"/workflows{query}", who)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return [each["name"] for each in answer.json["items"]]


@pytest.fixture
def four(flow: Flow, cast: Cast) -> None:
    """A few workflows."""
    for name, home, category in (
        ("Beta", cast.rose, "leave"), ("alpha", cast.rose, "shift"), ("Gamma", cast.elm, "leave"),
        ("Delta", None, "leave"),
    ):  # fmt: skip
        a_workflow(flow, cast.hana, by_hand(name=name, category=category), home_id=home)

    def pause(session: Session) -> None:
        workflow(session, 1).status = WorkflowStatus.PAUSED

    flow.database.write(pause)


@pytest.mark.usefixtures("four")
def test_one_is_shown_the_workflows_of_ones_homes_and_of_the_organisation(cast: Cast, api: Api) -> None:
    assert sorted(names(api, cast.dan)) == ["Beta", "Delta", "alpha"]
    assert sorted(names(api, cast.erin)) == ["Delta", "Gamma"]
    assert sorted(names(api, cast.hana)) == ["Beta", "Delta", "Gamma", "alpha"]


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=ALPH", ["alpha"]),
        ("?q=%25", []),
        ("?status=paused", ["Beta"]),
        ("?status=active", ["Delta", "Gamma", "alpha"]),
        ("?category=shift", ["alpha"]),
        ("?category=leave&status=active", ["Delta", "Gamma"]),
        ("?q=", ["Beta", "Delta", "Gamma", "alpha"]),
    ],
)
def test_workflows_are_found(cast: Cast, api: Api, query: str, expected: list[str]) -> None:
    assert sorted(names(api, cast.hana, query)) == expected


@pytest.mark.usefixtures("four")
def test_workflows_are_found_by_their_home(cast: Cast, api: Api) -> None:
    assert sorted(names(api, cast.hana, "?home=ROSE")) == ["Beta", "alpha"]


@pytest.mark.usefixtures("four")
def test_the_list_comes_a_page_at_a_time(cast: Cast, api: Api) -> None:
    first = api.call("GET", "/workflows?limit=3", cast.hana).json
    assert first is not None
    assert len(first["items"]) == 3
    rest = api.call("GET", f"/workflows?limit=3&cursor={first['next']}", cast.hana).json
    assert rest is not None
    assert rest["next"] is None
    assert len({each["id"] for each in (*first["items"], *rest["items"])}) == 4


@pytest.mark.parametrize(
    ("query", "place"), [("status=lost", "status"), ("category=gardening", "category"), ("limit=x", "limit")]
)
def test_a_filter_that_makes_no_sense_is_named(cast: Cast, api: Api, query: str, place: str) -> None:
    assert places(api.call("GET", f"/workflows?{query}", cast.hana)) == [place]


def test_starting_answers_with_the_run_and_where_it_is(flow: Flow, cast: Cast, api: Api, roses: int) -> None:
    answer = api.call("POST", f"/workflows/{roses}/execute", cast.maya, {"inputs": {"unit": "Ash", "weeks": 2.5}})
    assert answer.status_code == 202
    [found] = runs(flow)
    assert answer.json == {"execution_id": found.id, "url": f"/api/v1/executions/{found.id}"}
    assert answer.headers["Location"] == f"/api/v1/executions/{found.id}"
    run_all(flow)
    shown = api.call("GET", f"/executions/{found.id}", cast.maya).json
    assert shown is not None
    assert (shown["status"], shown["context"]["unit"], shown["context"]["weeks"]) == ("completed", "Ash", 2.5)


def test_inputs_and_context_are_put_together(flow: Flow, cast: Cast, api: Api, roses: int) -> None:
    body = {"context": {"unit": "Ash", "weeks": 1}, "inputs": {"weeks": 2}}
    assert api.call("POST", f"/workflows/{roses}/execute", cast.maya, body).status_code == 202
    context = runs(flow)[0].context
    assert (context["unit"], context["weeks"]) == ("Ash", 2)


def test_the_audit_and_the_run_say_that_a_program_started_it(flow: Flow, cast: Cast, api: Api, roses: int) -> None:
    api.call("POST", f"/workflows/{roses}/execute", cast.maya, {"inputs": {"unit": "Ash"}})
    with flow.database.read() as session:
        [actor] = (
            session.connection()
            .exec_driver_sql("SELECT actor FROM audit_entry WHERE action = 'workflow.run'")
            .scalars()
        )
    assert actor == f"api:{cast.maya.user_id}"


BAD = [
    ({}, ["unit"]),
    ({"inputs": {"unit": 5}}, ["unit"]),
    ({"inputs": {"unit": "Ash", "weeks": "two"}}, ["weeks"]),
    ({"inputs": {"unit": "Ash", "colour": "blue"}}, ["colour"]),
    ({"inputs": []}, ["inputs"]),
    ({"context": "x"}, ["context"]),
    ({"input": {"unit": "Ash"}}, ["input"]),
]


@pytest.mark.parametrize(("body", "expected"), BAD, ids=[str(row[0])[:50] for row in BAD])
def test_what_is_wrong_is_named(flow: Flow, cast: Cast, api: Api, roses: int, body: Any, expected: list[str]) -> None:
    assert places(api.call("POST", f"/workflows/{roses}/execute", cast.maya, body)) == expected
    assert runs(flow) == []


@pytest.mark.parametrize("staff_id", [{"id": 1}, [1], 10**30, "Dan", 1.5])
def test_a_staff_number_that_is_none_breaks_nothing(flow: Flow, cast: Cast, api: Api, staff_id: Any) -> None:
    made = a_workflow(flow, cast.maya, by_hand(), home_id=cast.rose)
    answer = api.call("POST", f"/workflows/{made}/execute", cast.maya, {"context": {"staff_id": staff_id}})
    assert answer.status_code in (202, 422)
    assert [each.about_staff_id for each in runs(flow)] in ([], [None])


@pytest.mark.parametrize(
    ("name", "status"),
    [("dan", 403), ("sorcha", 403), ("hana", 403), ("vic", 403), ("erin", 404), ("ada", 202)],
)
def test_who_may_start_it(flow: Flow, cast: Cast, api: Api, roses: int, name: str, status: int) -> None:
    body = {"inputs": {"unit": "Ash"}}
    answer = api.call("POST", f"/workflows/{roses}/execute", getattr(cast, name), body)
    assert answer.status_code == status
    assert len(runs(flow)) == int(status == 202)


def test_a_workflow_of_the_organisation_that_one_sees_and_may_not_start_is_forbidden_not_absent(
    flow: Flow, cast: Cast, api: Api
) -> None:
    made = a_workflow(flow, cast.hana, by_hand(), home_id=None)
    assert api.call("GET", f"/workflows/{made}", cast.maya).status_code == 200
    refused(api.call("POST", f"/workflows/{made}/execute", cast.maya, {}), 403)


def test_a_token_needs_the_scope(flow: Flow, cast: Cast, api: Api, roses: int) -> None:
    body = {"inputs": {"unit": "Ash"}}
    call = f"/workflows/{roses}/execute"
    assert "'run'" in refused(api.call("POST", call, cast.maya, body, scopes=("read", "rota", "edit")), 403)
    assert runs(flow) == []
    assert api.call("POST", call, cast.maya, body, scopes=("run",)).status_code == 202
    assert "'read'" in refused(api.call("GET", "/workflows", cast.maya, scopes=("run",)), 403)
    assert "'read'" in refused(api.call("GET", f"/workflows/{roses}", cast.maya, scopes=("run",)), 403)


def test_a_workflow_that_is_not_active_is_a_conflict(flow: Flow, cast: Cast, api: Api, roses: int) -> None:
    def pause(session: Session) -> None:
        workflow(session, roses).status = WorkflowStatus.PAUSED

    flow.database.write(pause)
    words = refused(api.call("POST", f"/workflows/{roses}/execute", cast.maya, {"inputs": {"unit": "Ash"}}), 409)
    assert "is not active" in words


@pytest.mark.parametrize("trigger", [{"type": "brew"}, {"type": "event"}])
def test_an_unfinished_draft_is_listed_like_any_other(
    flow: Flow, cast: Cast, api: Api, roses: int, trigger: dict[str, Any]
) -> None:

    draft = read_document(a_document(name="Draft", triggers=[{"id": "t", **trigger}]))
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(
        lambda s: create_workflow(s, cause, draft, owner_id=cast.maya.user_id, home_id=cast.rose) and None
    )
    assert sorted(names(api, cast.dan)) == ["A workflow", "Draft"]


def test_a_start_that_is_refused_is_answered_and_kept_with_the_reason(flow: Flow, cast: Cast, api: Api) -> None:
    pause = {"id": "pause", "type": "delay", "for": {"hours": 1}}
    manual = [{"id": "m", "type": "manual"}]
    document = a_document(pause, triggers=manual, settings={"mode": "single"})
    made = a_workflow(flow, cast.maya, document, home_id=cast.rose)
    first, second = (api.call("POST", f"/workflows/{made}/execute", cast.maya, {}) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json is not None
    assert second.json is not None
    body = api.call("GET", f"/executions/{second.json['execution_id']}", cast.maya).json
    assert body is not None
    reason = f"Not started: “A workflow” was already running (run {first.json['execution_id']})."
    assert (body["status"], body["reason"], body["error"]) == (
        "cancelled", reason, {"code": "not_started", "message": reason},
    )  # fmt: skip
    assert body["steps"] == []
