"""Drafts and versions over the API: one draft beside what runs, and earlier versions brought back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from flowapp.accounts.users import User
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.switching import Switch
from flowapp.workflows.workflow import Version, Workflow
from tests.api.authoring import BY_HAND, ask, audited, calls, made, published, saved
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all, runs, switched
from tests.support.visitors import Api


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
