"""Undoing a run on its page: what would be undone is shown first, and what came of it afterwards."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.leave_decisions import take_back
from tests.cast import Cast
from tests.engine.undos import states
from tests.factories import a_document, a_workflow, approve, cause_of, leave_asked, notify, run_all, runs
from tests.support.page import PageClient
from tests.support.visitors import sign_in

REFUSAL = "Dan’s leave on 7 December 2026 was changed since: it is now “Cancelled”."


@pytest.fixture
def url(flow: Flow, cast: Cast) -> str:
    """The address of a run that approved Dan's leave and told the manager."""
    document = a_document(approve(), notify("tell", "It is approved"), name="Decide")
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    return f"/workflows/executions/{runs(flow)[0].id}/"


def listed(page: PageClient, label: str) -> list[str]:
    """Answer the words of each line of a list on the page."""
    found = page.soup.select(f'main ol[aria-label="{label}"] > li')
    return [" ".join(item.get_text(" ").split()) for item in found]


def glance(page: PageClient) -> list[str]:
    """Answer the words at the top of a run's page that say how it stands."""
    return [each.get_text().strip() for each in page.soup.select(".page-head .pill")]


def leave_status(flow: Flow) -> LeaveStatus:
    """Answer how the one leave request stands."""
    with flow.database.read() as session:
        found = session.get(LeaveRequest, 1)
        assert found is not None
        return LeaveStatus(found.status)


def undo(page: PageClient, url: str) -> None:
    """Go from the run to what undoing would do, agree, and come back."""
    page.get(url)
    link = next(each for each in page.soup.select("main a.button") if each.get_text().strip() == "Undo this run")
    page.get(str(link["href"]))
    token = page.soup.select_one("input[name=csrf_token]")
    assert token is not None
    form = page.soup.select_one("main form")
    assert form is not None
    answer = page.post(str(form["action"]), {"csrf_token": str(token["value"])}, status=303)
    assert answer.headers["Location"] == url
    page.get(url)


def test_before_anything_is_undone_the_page_says_what_would_be(flow: Flow, url: str, as_maya: PageClient) -> None:
    as_maya.get(f"{url}undo-preview")
    assert listed(as_maya, "What will be undone") == [
        "Approve the leave request The leave request waits for a decision again, and its hours are given back."
    ]
    assert listed(as_maya, "What stays") == [
        "Notify the manager : It is approved Cannot be taken back: the message was sent."
    ]
    assert leave_status(flow) is LeaveStatus.APPROVED


def test_a_run_is_undone_and_tells_what_came_of_it(flow: Flow, url: str, as_maya: PageClient) -> None:
    undo(as_maya, url)
    assert leave_status(flow) is LeaveStatus.REQUESTED
    assert listed(as_maya, "What was undone") == [
        "Approve the leave request Dan’s leave on 7 December 2026 waits for a decision again. Undone"
    ]
    assert "Undone by Maya." in as_maya.text
    assert glance(as_maya) == ["Done", "Undone"]
    assert "This run is undone." in as_maya.text
    assert "Undo this run" not in as_maya.text  # there is nothing left to undo


def test_what_was_changed_since_is_said_by_name(flow: Flow, cast: Cast, url: str, as_maya: PageClient) -> None:
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: str(take_back(session, cause, cast.maya, 1)))
    undo(as_maya, url)
    [line] = listed(as_maya, "What was undone")
    assert REFUSAL in line
    assert line.endswith("Not undone")
    assert glance(as_maya) == ["Done", "Partly undone"]
    assert "Some of this run could not be undone." in as_maya.text
    assert leave_status(flow) is LeaveStatus.CANCELLED


def test_what_is_undone_already_is_not_offered_again(flow: Flow, url: str, as_maya: PageClient) -> None:
    undo(as_maya, url)
    as_maya.get(f"{url}undo-preview")
    assert "This run is undone already." in as_maya.text
    assert not as_maya.soup.select("main form")


def test_a_run_that_did_nothing_to_undo_offers_nothing(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    a_workflow(flow, cast.maya, a_document(notify("tell")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    as_maya.get("/workflows/executions/1/")
    assert "Undo this run" not in as_maya.text
    as_maya.get("/workflows/executions/1/undo-preview")
    assert "This run did nothing that can be undone." in as_maya.text


def test_a_run_under_way_is_to_be_cancelled_first(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    pause = {"id": "p", "type": "delay", "for": {"days": 1}}
    a_workflow(flow, cast.maya, a_document(approve(), pause), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    as_maya.get("/workflows/executions/1/")
    token = as_maya.soup.select_one("input[name=csrf_token]")
    assert token is not None
    as_maya.get("/workflows/executions/1/undo-preview")
    assert "This run is still under way. Cancel it first" in as_maya.text
    assert not as_maya.soup.select("main form")
    as_maya.post("/workflows/executions/1/undo", {"csrf_token": str(token["value"])}, status=409)
    assert states(flow) == [("approve", "registered")]


@pytest.mark.parametrize("name", ["dan", "sorcha", "hana"])
def test_who_may_not_manage_runs_is_not_offered_to_undo_them(
    app: Flask, flow: Flow, cast: Cast, url: str, name: str
) -> None:
    browser = sign_in(app, flow, getattr(cast, name))
    browser.get(url)
    assert "Undo this run" not in browser.text


def test_a_colleague_reads_that_it_was_undone_but_not_by_whom_nor_whose_leave_it_was(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient, as_dan: PageClient
) -> None:
    a_workflow(flow, cast.maya, a_document(approve(), name="Decide"), home_id=cast.rose)
    leave_asked(flow, cast.sorcha, start=date(2026, 12, 8))
    run_all(flow)
    undo(as_maya, "/workflows/executions/1/")
    answer = as_dan.get("/workflows/executions/1/")
    assert listed(as_dan, "What was undone") == ["Approve the leave request Undone"]
    for private in ("Sorcha", "Maya", "8 December"):
        assert private not in answer.text, private
