"""Pausing a workflow on its page, switching it on, archiving it, and what the page tells about it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.switching import Switch, pause_by_itself
from flowapp.workflows.workflow import Workflow, WorkflowStatus
from tests.cast import Cast
from tests.factories import a_document, a_workflow, cause_of, leave_asked, switched
from tests.support.page import PageClient
from tests.support.visitors import sign_in

NAME = "Tell the kitchen"


@pytest.fixture
def made(flow: Flow, cast: Cast) -> int:
    """An active workflow of Rose House."""
    return a_workflow(flow, cast.maya, a_document(name=NAME), home_id=cast.rose)


def read(flow: Flow, workflow_id: int) -> Workflow:
    """Read a workflow as it stands."""
    with flow.database.read() as session:
        return session.get_one(Workflow, workflow_id)


def sent(browser: PageClient, words: str, **typed: str) -> Any:
    """Press the button of these words, as a browser would."""
    forms = browser.soup.select("main form")
    [form] = [each for each in forms if words in [button.get_text().strip() for button in each.select("button")]]
    fields = {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")}
    return browser.post(str(form["action"]), fields | typed)


def switch_button(browser: PageClient, words: str) -> bool:
    """Say whether the page offers a button or a link of these words."""
    found = browser.soup.select("main button, main a.button")
    return any(each.get_text().strip() == words for each in found)


def test_it_is_paused_with_a_reason_and_switched_on_again(flow: Flow, as_maya: PageClient, made: int) -> None:
    as_maya.get(f"/workflows/{made}/")
    answer = sent(as_maya, "Pause it", reason="The lift is broken.")
    assert (answer.status_code, answer.location) == (303, f"/workflows/{made}/")
    as_maya.get(f"/workflows/{made}/")
    for words in ("Paused.", "Paused since Monday 23 November 2026, 09:00", "Paused by Maya: The lift is broken."):
        assert words in as_maya.text
    assert as_maya.soup.select("#pause") == []
    sent(as_maya, "Switch it on")
    assert read(flow, made).status is WorkflowStatus.ACTIVE
    as_maya.get(f"/workflows/{made}/")
    assert "Switched on." in as_maya.text
    assert "Paused since" not in as_maya.text


def test_what_came_while_it_was_paused_is_counted_with_a_link_to_it(
    flow: Flow, cast: Cast, as_maya: PageClient, made: int
) -> None:
    switched(flow, cast.maya, made, Switch.PAUSE)
    as_maya.get(f"/workflows/{made}/")
    assert "while it was paused" not in as_maya.soup.select_one(".notice").get_text()
    leave_asked(flow, cast.dan)
    as_maya.get(f"/workflows/{made}/")
    link = as_maya.soup.select_one(".notice a")
    assert link.get_text() == "1 event came while it was paused"
    as_maya.get(str(link["href"]))
    assert "Not run: the workflow was paused." in as_maya.text
    assert "under a second" not in as_maya.text
    as_maya.get("/workflows/executions/1/")
    assert "Not run: the workflow was paused." in as_maya.text
    assert "Not reached" in as_maya.text


def test_only_what_came_since_is_counted(flow: Flow, cast: Cast, clock: FrozenClock, app: Flask, made: int) -> None:
    switched(flow, cast.maya, made, Switch.PAUSE)
    leave_asked(flow, cast.dan)
    clock.advance(minutes=1)
    switched(flow, cast.maya, made, Switch.ACTIVATE)
    switched(flow, cast.maya, made, Switch.PAUSE)
    browser = sign_in(app, flow, cast.maya)
    browser.get(f"/workflows/{made}/")
    assert "came while" not in browser.text


def test_one_sees_only_those_of_ones_homes_counted(flow: Flow, cast: Cast, app: Flask) -> None:
    made = a_workflow(flow, cast.ada, a_document(name=NAME), home_id=None)
    switched(flow, cast.ada, made, Switch.PAUSE)
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.vic)
    for person, words in ((cast.erin, "1 event came"), (cast.ada, "2 events came")):
        browser = sign_in(app, flow, person)
        browser.get(f"/workflows/{made}/")
        assert words in browser.text


def test_one_paused_by_itself_says_so(flow: Flow, cast: Cast, as_maya: PageClient, made: int) -> None:
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: pause_by_itself(session, cause, made, "it failed 10 times in a row."))
    as_maya.get(f"/workflows/{made}/")
    notice = as_maya.soup.select_one(".notice--bad")
    assert "Paused by itself: it failed 10 times in a row." in notice.get_text()
    as_maya.get("/workflows/")
    assert "Paused by itself: it failed 10 times in a row." in as_maya.text


@pytest.mark.parametrize(("number", "words"), [(1, "Its last run failed"), (4, "Its last 4 runs failed")])
def test_one_that_fails_says_how_often(flow: Flow, as_maya: PageClient, made: int, number: int, words: str) -> None:
    failing = update(Workflow).values(failures_in_a_row=number, failing_since=flow.clock.now())
    flow.database.write(lambda session: session.execute(failing) and None)
    as_maya.get(f"/workflows/{made}/")
    assert f"{words}, the first on Monday 23 November 2026, 09:00." in as_maya.text
    link = as_maya.soup.select_one(".notice a")
    assert link["href"] == f"/workflows/executions/?workflow={made}&status=failed"


def test_archiving_asks_first_and_it_can_be_brought_back(flow: Flow, as_maya: PageClient, made: int) -> None:
    as_maya.get(f"/workflows/{made}/")
    as_maya.get(str(as_maya.soup.select_one(f'a[href="/workflows/{made}/delete/"]')["href"]))
    assert "it can be brought back" in as_maya.text
    assert read(flow, made).status is WorkflowStatus.ACTIVE
    assert sent(as_maya, "Archive it").status_code == 303
    as_maya.get(f"/workflows/{made}/")
    assert "Archived by Maya on Monday 23 November 2026, 09:00" in as_maya.text
    assert not switch_button(as_maya, "Archive")
    as_maya.get("/workflows/")
    assert NAME not in as_maya.text
    as_maya.get("/workflows/?status=archived")
    assert NAME in as_maya.text
    as_maya.get(f"/workflows/{made}/")
    sent(as_maya, "Bring it back")
    assert read(flow, made).status is WorkflowStatus.PAUSED


def test_the_runs_of_an_archived_one_are_still_found(flow: Flow, cast: Cast, as_maya: PageClient, made: int) -> None:
    leave_asked(flow, cast.dan)
    switched(flow, cast.maya, made, Switch.ARCHIVE)
    as_maya.get(f"/workflows/executions/?workflow={made}")
    chosen = as_maya.soup.select_one("select[name=workflow] option[selected]")
    assert chosen.get_text() == NAME
    assert as_maya.soup.select_one('a[href="/workflows/executions/1/"]') is not None
    as_maya.get("/workflows/executions/")
    assert NAME not in as_maya.soup.select_one("select[name=workflow]").get_text()


def test_an_archived_one_is_not_archived_again(flow: Flow, cast: Cast, as_maya: PageClient, made: int) -> None:
    switched(flow, cast.maya, made, Switch.ARCHIVE)
    as_maya.get(f"/workflows/{made}/delete/", status=409)
    assert f"“{NAME}” is archived already." in as_maya.text


@pytest.mark.parametrize("status", ["active", "paused", "draft", "archived"])
def test_the_list_says_when_none_stands_like_this(as_maya: PageClient, status: str) -> None:
    as_maya.get(f"/workflows/?status={status}")
    assert f"No {status} workflows" in as_maya.text
    assert as_maya.soup.select_one("main nav [aria-current=page]").get_text() == status.capitalize()


def test_nonsense_as_a_status_shows_all(as_maya: PageClient, made: int) -> None:
    as_maya.get("/workflows/?status=lost")
    assert NAME in as_maya.text


@pytest.mark.parametrize("status", [None, Switch.PAUSE, Switch.ARCHIVE])
def test_whoever_may_not_is_told_but_offered_nothing(
    flow: Flow, cast: Cast, as_dan: PageClient, made: int, status: Switch | None
) -> None:
    if status:
        switched(flow, cast.maya, made, status)
    as_dan.get(f"/workflows/{made}/")
    assert as_dan.soup.select("main form") == []
    assert not any(switch_button(as_dan, words) for words in ("Pause", "Archive", "Switch it on", "Bring it back"))


def test_two_who_press_it_do_not_undo_each_others_doing(flow: Flow, cast: Cast, as_maya: PageClient, made: int) -> None:
    as_maya.get(f"/workflows/{made}/")
    switched(flow, cast.maya, made, Switch.PAUSE)
    assert sent(as_maya, "Pause it").status_code == 409
    assert read(flow, made).status is WorkflowStatus.PAUSED


def test_without_saying_which_way_it_is_simply_toggled(flow: Flow, as_maya: PageClient, made: int) -> None:
    as_maya.get(f"/workflows/{made}/")
    token = {"csrf_token": str(as_maya.soup.select_one("input[name=csrf_token]")["value"])}
    for status in (WorkflowStatus.PAUSED, WorkflowStatus.ACTIVE):
        as_maya.post(f"/workflows/{made}/toggle/", token)
        assert read(flow, made).status is status


def test_a_draft_is_archived_and_not_switched_on(flow: Flow, cast: Cast, as_maya: PageClient, made: int) -> None:
    def undo(session: Session) -> None:
        session.execute(update(Workflow).values(status=WorkflowStatus.DRAFT, current_version=None))

    flow.database.write(undo)
    as_maya.get(f"/workflows/{made}/")
    assert switch_button(as_maya, "Archive")
    assert not switch_button(as_maya, "Pause")
    token = {"csrf_token": str(as_maya.soup.select_one("input[name=csrf_token]")["value"])}
    as_maya.post(f"/workflows/{made}/toggle/", token, status=409)
    assert "Publish it first." in as_maya.text


def test_text_that_people_write_stays_text(flow: Flow, cast: Cast, as_maya: PageClient, made: int) -> None:
    switched(flow, cast.maya, made, Switch.PAUSE, reason="<img src=x onerror=alert(1)>")
    for url in (f"/workflows/{made}/", "/workflows/"):
        as_maya.get(url)
        assert "<img src=x" in as_maya.text
        assert as_maya.soup.select("img[onerror]") == []
