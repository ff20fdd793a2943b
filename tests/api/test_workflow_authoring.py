"""Writing workflows over the API: made, changed, published, run, and brought back to an earlier version."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.users import User
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.switching import Switch
from flowapp.workflows.workflow import Version, Workflow
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all, runs, switched
from tests.support.visitors import Api

EDIT = ("read", "run", "edit")
BY_HAND = [{"id": "by_hand", "type": "manual"}]
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


def ask(api: Api, who: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Ask with a token that may edit."""
    return api.call(method, path, who, body, scopes=EDIT, **headers)


def made(api: Api, cast: Cast, document: Any = None, **more: Any) -> int:
    """Make a workflow of Rose House as Maya, and answer its number."""
    body = {"document": document or a_document(name="Round"), "home": "ROSE", **more}
    answer = ask(api, cast.maya, "POST", "/workflows", body)
    assert answer.status_code == 201, answer.text
    return int(answer.json["id"])


def saved(api: Api, cast: Cast, number: int, rev: int, document: Any) -> Any:
    """Write a draft as Maya."""
    body = {"document": document}
    return ask(api, cast.maya, "PUT", f"/workflows/{number}/draft", body, **{"If-Match": str(rev)})


def published(api: Api, cast: Cast, number: int, **body: Any) -> int:
    """Publish a draft as Maya, and answer the number of the version."""
    answer = ask(api, cast.maya, "POST", f"/workflows/{number}/publish", body)
    assert answer.status_code == 200, answer.text
    return int(answer.json["version"])


def audited(flow: Flow) -> list[tuple[str, Any, Any]]:
    """Read what the audit says of workflows."""
    with flow.database.read() as session:
        rows = session.scalars(select(AuditEntry).filter_by(entity="workflow").order_by(AuditEntry.id))
        return [(each.action, each.before, each.after) for each in rows]


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
    ({"document": a_document(name="Tea\x00")}, ["name"]),  # would end up on pages
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


def calls(number: int) -> list[tuple[str, str, Any]]:
    """Answer every call that writes, about this workflow."""
    one = f"/workflows/{number}"
    return [
        ("PUT", f"{one}/draft", {"document": a_document()}),
        ("POST", f"{one}/publish", {}),
        ("POST", f"{one}/versions/1/restore", {}),
    ]


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


def test_a_draft_is_written_over_until_it_is_published(flow: Flow, api: Api, cast: Cast) -> None:
    number = made(api, cast)
    other = a_document(notify("b"), name="Second", category="leave")
    answer = saved(api, cast, number, 1, other)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    body = answer.json
    assert (body["name"], body["category"], body["rev"], body["draft"]) == ("Second", "leave", 2, 1)
    assert body["document"] == other
    with flow.database.read() as session:
        [kept] = session.scalars(select(Version))
        first = kept.sha256
    third = saved(api, cast, number, 2, a_document(name="Third")).json
    assert (third["name"], third["draft"], third["rev"]) == ("Third", 1, 3)
    with flow.database.read() as session:
        [kept] = session.scalars(select(Version))
        assert kept.sha256 != first
    assert audited(flow)[1:] == [
        ("workflow.edit", {"name": "Round"}, {"name": "Second", "version": 1}),
        ("workflow.edit", {"name": "Second"}, {"name": "Third", "version": 1}),
    ]


def test_a_draft_is_written_by_whoever_has_seen_what_is_there(api: Api, cast: Cast) -> None:
    number = made(api, cast)
    path, body = f"/workflows/{number}/draft", {"document": a_document(name="x")}
    assert "If-Match" in refused(ask(api, cast.maya, "PUT", path, body), 428)
    assert [saved(api, cast, number, rev, a_document(name="x")).status_code for rev in (1, 1, 7, 2)] == [
        200, 409, 409, 200]  # fmt: skip
    stale = {"If-Match": "1"}
    refused(ask(api, cast.maya, "POST", f"/workflows/{number}/publish", {}, **stale), 409)
    published(api, cast, number)
    refused(ask(api, cast.maya, "POST", f"/workflows/{number}/versions/1/restore", {}, **stale), 409)


def test_a_draft_beside_what_runs_changes_nothing_until_it_is_published(
    flow: Flow, api: Api, cast: Cast, clock: FrozenClock
) -> None:
    waiting = a_document({"id": "d", "type": "delay", "for": {"hours": 1}}, notify("old"), triggers=BY_HAND)
    number = made(api, cast, waiting)
    published(api, cast, number)
    begun = [ask(api, cast.maya, "POST", f"/workflows/{number}/execute", {}).json["execution_id"]]
    body = saved(api, cast, number, 2, a_document(notify("new"), triggers=BY_HAND)).json
    assert (body["version"], body["draft"], body["document"]) == (1, 2, waiting)
    begun.append(ask(api, cast.maya, "POST", f"/workflows/{number}/execute", {}).json["execution_id"])
    assert published(api, cast, number) == 2
    begun.append(ask(api, cast.maya, "POST", f"/workflows/{number}/execute", {}).json["execution_id"])
    run_all(flow)
    found = [ask(api, cast.maya, "GET", f"/executions/{each}").json for each in begun]
    assert [(each["version"], each["status"]) for each in found] == [
        (1, "waiting"), (1, "waiting"), (2, "completed")]  # fmt: skip
    clock.advance(hours=1)
    run_all(flow)
    old = ask(api, cast.maya, "GET", f"/executions/{begun[0]}").json
    assert (old["status"], [each["path"] for each in old["steps"]]) == ("completed", ["d", "old"])


def test_publishing_what_is_published_is_refused_and_leaves_it_as_it_is(flow: Flow, api: Api, cast: Cast) -> None:
    number = made(api, cast)
    published(api, cast, number, note="First")
    words = refused(ask(api, cast.maya, "POST", f"/workflows/{number}/publish", {"note": "Again"}), 409)
    assert words == "“Round” has no draft: version 1 is published already."
    assert ask(api, cast.maya, "GET", f"/workflows/{number}/versions/1").json["note"] == "First"


@pytest.mark.parametrize("note", ["x" * 301, "a\x00", 1])
def test_a_note_that_is_none_is_named(api: Api, cast: Cast, note: Any) -> None:
    assert places(ask(api, cast.maya, "POST", f"/workflows/{made(api, cast)}/publish", {"note": note})) == ["note"]


def test_a_paused_one_stays_paused_when_it_is_published(flow: Flow, api: Api, cast: Cast) -> None:
    number = made(api, cast)
    published(api, cast, number)
    switched(flow, cast.maya, number, Switch.PAUSE)
    assert saved(api, cast, number, 3, a_document(name="Round two")).json["status"] == "paused"
    assert published(api, cast, number) == 2
    body = ask(api, cast.maya, "GET", f"/workflows/{number}").json
    assert (body["status"], body["version"], body["draft"], body["rev"]) == ("paused", 2, None, 5)
    leave_asked(flow, cast.dan)
    assert [each.status.value for each in runs(flow)] == ["cancelled"]


def test_an_archived_one_is_left_as_it_is(flow: Flow, api: Api, cast: Cast) -> None:
    number = made(api, cast)
    switched(flow, cast.maya, number, Switch.ARCHIVE)
    for method, path, body in calls(number):
        answer = ask(api, cast.maya, method, path, body, **{"If-Match": "2"})
        assert "Bring it back first" in refused(answer, 409)


def test_the_versions_tell_what_was_published_when_and_by_whom(api: Api, cast: Cast) -> None:
    number = made(api, cast)
    published(api, cast, number, note=" First  of all ")
    saved(api, cast, number, 2, a_document(name="Round two"))
    listed = ask(api, cast.maya, "GET", f"/workflows/{number}/versions").json
    draft, first = listed["items"]
    assert first == {
        "number": 1, "name": "Round", "current": True, "note": "First of all",
        "published_at": "2026-11-23T09:00:00Z", "published_by": "Maya",
    }  # fmt: skip
    assert draft == {
        "number": 2, "name": "Round two", "current": False, "note": "", "published_at": None, "published_by": None,
    }  # fmt: skip
    page = ask(api, cast.maya, "GET", f"/workflows/{number}/versions?limit=1").json
    assert (page["items"], page["next"]) == ([draft], "2")
    page = ask(api, cast.maya, "GET", f"/workflows/{number}/versions?limit=1&cursor=2").json
    assert (page["items"], page["next"]) == ([first], None)
    one = ask(api, cast.maya, "GET", f"/workflows/{number}/versions/2").json
    assert one.items() >= draft.items()
    assert one["document"] == a_document(name="Round two")
    assert one["summary"]


def test_an_earlier_version_becomes_the_draft_and_runs_once_it_is_published(api: Api, cast: Cast) -> None:
    number = made(api, cast)
    published(api, cast, number)
    saved(api, cast, number, 2, a_document(name="Round two"))
    published(api, cast, number)
    body = ask(api, cast.maya, "POST", f"/workflows/{number}/versions/1/restore", {}).json
    assert (body["name"], body["version"], body["draft"], body["rev"]) == ("Round", 2, 3, 5)
    words = refused(ask(api, cast.maya, "POST", f"/workflows/{number}/versions/3/restore", {}), 409)
    assert words == "Version 3 is the draft already. Nothing was changed."
    assert published(api, cast, number) == 3
    body = ask(api, cast.maya, "GET", f"/workflows/{number}").json
    assert (body["version"], body["document"]) == (3, a_document(name="Round"))


def test_a_version_that_cannot_be_read_any_more_is_not_restored(flow: Flow, api: Api, cast: Cast) -> None:
    number = made(api, cast)
    published(api, cast, number)
    spoilt = update(Version).values(document=a_document() | {"stepz": []})
    flow.database.write(lambda session: session.execute(spoilt) and None)
    assert places(ask(api, cast.maya, "POST", f"/workflows/{number}/versions/1/restore", {})) == ["stepz"]
    assert ask(api, cast.maya, "GET", f"/workflows/{number}/versions/1").status_code == 200


def test_a_draft_that_cannot_be_read_any_more_is_not_published(flow: Flow, api: Api, cast: Cast) -> None:
    number = made(api, cast)
    spoilt = update(Version).values(document=a_document() | {"stepz": []})
    flow.database.write(lambda session: session.execute(spoilt) and None)
    assert places(ask(api, cast.maya, "POST", f"/workflows/{number}/publish", {})) == ["stepz"]


def test_nobody_lends_themselves_rights_by_writing_into_the_workflow_of_somebody_who_has_more(
    flow: Flow, api: Api, cast: Cast
) -> None:
    number = a_workflow(flow, cast.ada, home_id=cast.rose)
    assert saved(api, cast, number, 1, a_document(name="Mine")).json["owner"] == "Ada"  # whose version still runs
    published(api, cast, number)
    assert ask(api, cast.maya, "GET", f"/workflows/{number}").json["owner"] == "Maya"
    assert audited(flow)[-1] == ("workflow.owner", {"owner": cast.ada.user_id}, {"owner": cast.maya.user_id})


def test_an_owner_without_an_account_gives_way_to_whoever_publishes(flow: Flow, api: Api, cast: Cast) -> None:
    number = made(api, cast)
    gone = update(User).where(User.id == cast.maya.user_id).values(is_active=False)
    flow.database.write(lambda session: session.execute(gone) and None)
    assert ask(api, cast.ada, "POST", f"/workflows/{number}/publish", {}).status_code == 200
    assert ask(api, cast.ada, "GET", f"/workflows/{number}").json["owner"] == "Ada"


def test_an_administrator_publishes_and_the_owner_stays(flow: Flow, api: Api, cast: Cast) -> None:
    number = made(api, cast)
    assert ask(api, cast.ada, "POST", f"/workflows/{number}/publish", {}).status_code == 200
    with flow.database.read() as session:
        assert session.get_one(Workflow, number).owner_id == cast.maya.user_id
    assert "workflow.owner" not in [action for action, _, _ in audited(flow)]
