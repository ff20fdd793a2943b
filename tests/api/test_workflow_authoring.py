"""Writing workflows over the API: made, published and run, by whoever may."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from tests.api.authoring import BY_HAND, ask, audited, calls, made, published
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all
from tests.support.visitors import Api

SEVERAL = a_document(
    {"id": "s", "type": "set", "values": {"units": ["Birch", "Oak"]}},
    {
        "id": "each",
        "type": "loop",
        "items": "${steps.s.units}",
        "as": "unit",
        "steps": [notify("tell", "Look at ${unit}")],
    },
    {
        "id": "both",
        "type": "branch",
        "branches": [{"name": "left", "steps": [notify("l")]}, {"name": "right", "steps": [notify("r")]}],
    },
    {
        "id": "asked",
        "type": "wait",
        "for_events": [{"event": "leave_requested"}],
        "timeout": {"hours": 1},
        "then": [notify("came")],
        "timed_out": [notify("late")],
    },
    name="Round",
    category="notification",
    triggers=BY_HAND,
)


def test_a_workflow_is_made_published_and_run_with_nothing_but_the_api(flow: Flow, api: Api, cast: Cast) -> None:
    number = made(api, cast, SEVERAL)
    assert published(api, cast, number, note="The first one") == 1
    answer = ask(api, cast.maya, "POST", f"/workflows/{number}/execute", {})
    assert answer.status_code == 202, answer.text
    run_all(flow)
    leave_asked(flow, cast.dan)
    run_all(flow)
    run = ask(api, cast.maya, "GET", f"/executions/{answer.json['execution_id']}").json
    assert (run["status"], run["version"]) == ("completed", 1), run["error"]
    states = {each["path"]: each["status"] for each in run["steps"]}
    assert {path for path, status in states.items() if status == "completed"} == {
        "s", "each", "each[0].tell", "each[1].tell", "both", "both.left.l", "both.right.r", "asked", "asked.then.came",
    }  # fmt: skip


def test_what_is_made_is_a_draft_with_its_maker_as_owner(flow: Flow, api: Api, cast: Cast) -> None:
    answer = ask(api, cast.maya, "POST", "/workflows", {"document": SEVERAL, "home": " rose "})
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    body = answer.json
    assert answer.headers["Location"] == f"/api/v1/workflows/{body['id']}"
    assert {key: body[key] for key in ("name", "category", "status", "home", "owner", "rev", "version", "draft")} == {
        "name": "Round", "category": "notification", "status": "draft", "home": "ROSE", "owner": "Maya", "rev": 1,
        "version": None, "draft": 1,
    }  # fmt: skip
    assert body["document"] == SEVERAL
    assert body["summary"]
    assert ask(api, cast.maya, "GET", f"/workflows/{body['id']}").json == body
    assert audited(flow) == [("workflow.create", None, {"name": "Round"})]


def test_a_home_is_named_by_its_number_too_and_no_home_is_the_organisation(api: Api, cast: Cast) -> None:
    for home in (cast.elm, str(cast.elm), "elm"):
        body = {"document": a_document(), "home": home}
        assert ask(api, cast.ada, "POST", "/workflows", body).json["home"] == "ELM"
    assert ask(api, cast.ada, "POST", "/workflows", {"document": a_document()}).json["home"] is None


def test_a_draft_may_be_unfinished_but_is_not_published_then(flow: Flow, api: Api, cast: Cast) -> None:
    bare = {"name": "Later", "steps": [notify("a", "${context.dyas}"), {"id": "b", "type": "action", "action": "tea"}]}
    number = made(api, cast, bare)
    answer = ask(api, cast.maya, "POST", f"/workflows/{number}/publish", {})
    assert set(places(answer)) == {"triggers", "steps[1].action"}
    body = ask(api, cast.maya, "GET", f"/workflows/{number}").json
    assert (body["status"], body["rev"], body["version"], body["draft"]) == ("draft", 1, None, 1)
    assert [action for action, _, _ in audited(flow)] == ["workflow.create"]


WRONG: list[tuple[Any, list[str]]] = [
    ({}, ["document"]),
    ({"document": []}, ["document"]),
    ({"document": a_document(), "owner": 1}, ["owner"]),
    ({"document": {}}, ["name"]),
    ({"document": {"name": "x", "stepz": []}}, ["stepz"]),
    ({"document": a_document({"id": "B!", "type": "stop"})}, ["steps[0].id"]),
    ({"document": a_document({"id": "b", "type": "brew"})}, ["steps[0].type"]),
    ({"document": a_document(notify("a"), notify("a"))}, ["steps[1].id"]),
    ({"document": a_document(name="Tea\x07")}, ["name"]),  # would end up on pages
]


@pytest.mark.parametrize(("body", "expected"), WRONG)
def test_what_cannot_be_read_is_named_by_its_place(
    flow: Flow, api: Api, cast: Cast, body: dict[str, Any], expected: list[str]
) -> None:
    assert places(ask(api, cast.ada, "POST", "/workflows", body)) == expected
    number = made(api, cast)
    answer = ask(api, cast.maya, "PUT", f"/workflows/{number}/draft", body, **{"If-Match": "1"})
    assert places(answer) == expected
    assert [action for action, _, _ in audited(flow)] == ["workflow.create"]


@pytest.mark.parametrize("home", [True, "", " ", 0, -1, 1.5, [], 2**70])
def test_a_home_that_is_no_word_and_no_number_is_named(api: Api, cast: Cast, home: Any) -> None:
    assert places(ask(api, cast.ada, "POST", "/workflows", {"document": a_document(), "home": home})) == ["home"]


@pytest.mark.parametrize("home", ["ELM", "NOWHERE", 99, "9" * 40])
def test_a_home_one_may_not_see_is_answered_like_one_that_does_not_exist(api: Api, cast: Cast, home: Any) -> None:
    body = {"document": a_document(), "home": home}
    assert (
        refused(ask(api, cast.maya, "POST", "/workflows", body), 404) == "That does not exist, or you may not see it."
    )


def test_only_whoever_is_responsible_for_all_homes_makes_one_of_the_organisation(api: Api, cast: Cast) -> None:
    assert "responsible for all of it" in refused(
        ask(api, cast.maya, "POST", "/workflows", {"document": a_document()}), 403
    )


@pytest.mark.parametrize(("name", "status"), [("dan", 403), ("sorcha", 403), ("hana", 403), ("erin", 404)])
def test_who_may_not_write(flow: Flow, api: Api, cast: Cast, name: str, status: int) -> None:
    number, who = made(api, cast), getattr(cast, name)
    refused(ask(api, who, "POST", "/workflows", {"document": a_document(), "home": "ROSE"}), status)
    for method, path, body in calls(number):
        refused(ask(api, who, method, path, body, **{"If-Match": "1"}), status)
    assert [action for action, _, _ in audited(flow)] == ["workflow.create"]


def test_writing_needs_the_scope_edit(api: Api, cast: Cast) -> None:
    number = made(api, cast)
    for method, path, body in [("POST", "/workflows", {"document": a_document(), "home": "ROSE"}), *calls(number)]:
        answer = api.call(method, path, cast.maya, body, scopes=("read", "run", "rota", "admin"))
        assert "needs the scope 'edit'" in refused(answer, 403)


def test_one_of_the_organisation_is_not_written_by_a_manager_of_one_home(flow: Flow, api: Api, cast: Cast) -> None:
    number = a_workflow(flow, cast.ada, home_id=None)
    for method, path, body in calls(number):
        answer = ask(api, cast.maya, method, path, body, **{"If-Match": "1"})
        assert "responsible for all of it" in refused(answer, 403)


def test_the_versions_are_those_of_one_who_sees_the_workflow(api: Api, cast: Cast) -> None:
    number = made(api, cast)
    for path in (f"/workflows/{number}/versions", f"/workflows/{number}/versions/1"):
        assert ask(api, cast.dan, "GET", path).status_code == 200
        refused(ask(api, cast.vic, "GET", path), 404)
    refused(ask(api, cast.maya, "GET", f"/workflows/{number}/versions/2"), 404)
    refused(ask(api, cast.maya, "POST", f"/workflows/{number}/versions/2/restore", {}), 404)


def test_the_same_key_makes_one_workflow(api: Api, cast: Cast) -> None:
    body, key = {"document": a_document(), "home": "ROSE"}, {"Idempotency-Key": "k1"}
    first, again = (ask(api, cast.maya, "POST", "/workflows", body, **key) for _ in range(2))
    other = ask(api, cast.maya, "POST", "/workflows", {"document": a_document(name="x"), "home": "ROSE"}, **key)
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert places(other) == ["Idempotency-Key"]
    assert len(ask(api, cast.maya, "GET", "/workflows").json["items"]) == 1


def test_the_same_key_publishes_once_and_restores_once(flow: Flow, api: Api, cast: Cast) -> None:
    number, key = made(api, cast), {"Idempotency-Key": "k1"}
    for _ in range(2):
        answer = ask(api, cast.maya, "POST", f"/workflows/{number}/publish", {}, **key, **{"If-Match": "1"})
        assert (answer.status_code, answer.json, answer.headers["ETag"]) == (200, {"version": 1}, '"2"')
    for _ in range(2):
        answer = ask(api, cast.maya, "POST", f"/workflows/{number}/versions/1/restore", {}, **key)
        assert (answer.status_code, answer.json["rev"], answer.json["draft"]) == (200, 3, 2)
    assert [action for action, _, _ in audited(flow)] == [
        "workflow.create", "workflow.publish", "workflow.restore_version"]  # fmt: skip
