"""The list of workflows, and one of them step by step."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.cli.demo.workflows import AUTO_APPROVE
from flowapp.workflows.publishing import create_workflow
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import WorkflowStatus, workflow
from tests.cast import Cast
from tests.factories import a_document, a_workflow, cause_of, condition, leave_asked, notify, run_all
from tests.support.page import PageClient
from tests.support.visitors import sign_in

BY_HAND = [{"id": "m", "type": "manual"}]


def a_draft(flow: Flow, cast: Cast, **given: Any) -> int:
    """Write a workflow that is not published."""
    document = read_document(a_document(**given))
    cause = cause_of(cast.maya, flow.clock.now())

    def write(session: Session) -> int:
        return create_workflow(session, cause, document, owner_id=cast.maya.user_id, home_id=cast.rose).id

    return flow.database.write(write)


def test_the_list_shows_what_each_does_how_it_stands_and_how_often_it_ran(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)
    a_workflow(flow, cast.hana, a_document(name="For everybody"), home_id=None)
    a_draft(flow, cast, name="Not ready yet")
    leave_asked(flow, cast.dan)
    run_all(flow)
    as_maya.get("/workflows/")
    for words in (
        "Auto-approve short leave",
        "When leave is requested: if days requested is 3 or fewer, approve the leave request",
        "Rose House · 1 run",
        "All homes · 1 run",
        "Not ready yet",
        "2 of 3 active.",
        "Draft",
    ):
        assert words in as_maya.text


def test_the_list_shows_the_workflows_of_ones_homes_only(
    flow: Flow, cast: Cast, as_dan: PageClient, as_vic: PageClient
) -> None:
    a_workflow(flow, cast.maya, a_document(name="Rose’s own"), home_id=cast.rose)
    as_dan.get("/workflows/")
    assert "Rose’s own" in as_dan.text
    as_vic.get("/workflows/")
    assert "Rose’s own" not in as_vic.text
    assert "No workflows yet" in as_vic.text


def test_an_archived_workflow_is_not_listed(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    made = a_workflow(flow, cast.maya, a_document(name="Put away"), home_id=cast.rose)

    def archive(session: Session) -> None:
        workflow(session, made).status = WorkflowStatus.ARCHIVED

    flow.database.write(archive)
    as_maya.get("/workflows/")
    assert "Put away" not in as_maya.text


@pytest.mark.parametrize("trigger", [{"type": "brew"}, {"type": "event"}, {"type": "event", "event": "gone"}])
def test_an_unfinished_draft_breaks_neither_the_list_nor_its_own_page(
    flow: Flow, cast: Cast, as_maya: PageClient, trigger: dict[str, Any]
) -> None:
    made = a_draft(flow, cast, name="Not ready yet", triggers=[{"id": "t", **trigger}])
    as_maya.get("/workflows/")
    assert "Not ready yet" in as_maya.text
    as_maya.get(f"/workflows/{made}/")
    assert "not published yet" in as_maya.text


def test_a_workflow_is_told_step_by_step(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    made = a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)
    as_dan.get(f"/workflows/{made}/")
    heading = as_dan.soup.select_one("h1")
    assert heading is not None
    assert heading.get_text().strip() == "Auto-approve short leave"
    for words in ("When leave is requested", "Approve the leave request", "Otherwise", "Rose House", "Maya"):
        assert words in as_dan.text
    assert "It has not run yet" in as_dan.text


def test_steps_that_are_switched_off_and_empty_ways_are_told(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    step = condition("c", "${context.days} > 3", then=[notify("a") | {"enabled": False, "name": "Call them"}])
    step["elif"] = [{"if": "${context.days} > 2", "then": []}]
    made = a_workflow(flow, cast.maya, a_document(step), home_id=cast.rose)
    as_maya.get(f"/workflows/{made}/")
    assert "Or if days requested is more than 2" in as_maya.text
    assert "Nothing happens." in as_maya.text
    assert "Call them" in as_maya.text


def test_its_latest_runs_are_listed(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    made = a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    as_maya.get(f"/workflows/{made}/")
    assert as_maya.soup.select_one('a[href="/workflows/executions/1/"]') is not None
    assert as_maya.soup.select_one(f'a[href="/workflows/executions/?workflow={made}"]') is not None


@pytest.mark.parametrize("name", ["vic", "erin"])
def test_an_outsider_is_told_that_there_is_none(app: Flask, flow: Flow, cast: Cast, name: str) -> None:
    made = a_workflow(flow, cast.maya, a_document(name="Rose’s own"), home_id=cast.rose)
    browser = sign_in(app, flow, getattr(cast, name))
    browser.get(f"/workflows/{made}/", status=404)
    assert "Rose’s own" not in browser.text


def test_a_workflow_that_does_not_exist_is_not_found(as_maya: PageClient) -> None:
    as_maya.get("/workflows/99/", status=404)
    as_maya.get("/workflows/99/execute/", status=404)
    as_maya.post("/workflows/99/execute/", status=404)


def test_they_need_somebody_to_be_signed_in(flow: Flow, cast: Cast, page: PageClient) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    for url in ("/workflows/", f"/workflows/{made}/", f"/workflows/{made}/execute/"):
        assert page.get(url, status=303).headers["Location"].startswith("/sign-in?next=/workflows/")


def test_text_that_managers_write_stays_text(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    evil = "<img src=x onerror=alert(1)> **bold** \"'&"
    made = a_workflow(flow, cast.maya, a_document(notify("tell", evil), name=evil, description=evil), home_id=cast.rose)
    for url in ("/workflows/", f"/workflows/{made}/"):
        as_maya.get(url)
        assert "<img src=x" in as_maya.text
        assert as_maya.soup.select("img[onerror]") == []


def test_only_those_who_may_start_it_are_offered_to(app: Flask, flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    made = a_workflow(flow, cast.maya, a_document(triggers=BY_HAND), home_id=cast.rose)
    other = a_workflow(flow, cast.maya, home_id=cast.rose)
    start = f'a[href="/workflows/{made}/execute/"]'
    as_maya.get(f"/workflows/{made}/")
    assert as_maya.soup.select_one(start) is not None
    dan = sign_in(app, flow, cast.dan)
    dan.get(f"/workflows/{made}/")
    assert dan.soup.select_one(start) is None
    as_maya.get(f"/workflows/{other}/")  # nobody starts that one by hand
    assert "Start it" not in as_maya.text


def test_the_fragment_shows_the_same_as_the_page(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    made = a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)
    for url in ("/workflows/", f"/workflows/{made}/"):
        as_maya.get(url)
        whole = as_maya.text
        as_maya.fragment(url)
        assert as_maya.text
        assert as_maya.text in whole
