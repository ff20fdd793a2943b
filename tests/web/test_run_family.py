"""Runs that start one another: each page leads to the other."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from flowapp.bootstrap import Flow
from flowapp.engine.execution import EXECUTIONS
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.families import a_child, asked, start
from tests.factories import notify, run_all, runs
from tests.support.page import PageClient
from tests.support.visitors import sign_in
from tests.web.test_run_page import states

WAIT = {"id": "w", "type": "delay", "for": {"minutes": 2}}


@pytest.fixture
def child(flow: Flow, cast: Cast) -> int:
    """A workflow of Rose House that another one starts; its run waits."""
    number = a_child(flow, cast, WAIT, notify("tell"))
    asked(flow, cast, start(number), notify("after"))
    return number


def links(page: PageClient) -> dict[str, str]:
    """Answer the addresses in the page's own part, by their words."""
    main = page.soup.select_one("main")
    assert main is not None
    return {" ".join(each.get_text().split()): str(each["href"]) for each in main.select("a[href]")}


def test_the_step_leads_to_the_run_it_has_started(
    flow: Flow, clock: FrozenClock, as_maya: PageClient, child: int
) -> None:
    as_maya.get("/workflows/executions/1/")
    assert links(as_maya)["Started “Tell the family”: run 2, waiting"] == "/workflows/executions/2/"
    found = states(as_maya)
    assert "Run Tell the family and wait for it" in found["s"]
    assert "Waiting" in found["s"]
    clock.advance(minutes=2)
    run_all(flow)
    as_maya.get("/workflows/executions/1/")
    assert links(as_maya)["Started “Tell the family”: run 2, done"] == "/workflows/executions/2/"
    assert "Ran “Tell the family”, run 2." in as_maya.text


def test_the_run_leads_back_to_the_one_that_started_it(cast: Cast, as_maya: PageClient, child: int) -> None:
    as_maya.get("/workflows/executions/2/")
    assert links(as_maya)["Started by “Parent”, run 1"] == "/workflows/executions/1/"
    assert "Started by a step of another run." in as_maya.text
    as_maya.get("/workflows/executions/1/")
    assert not any(words.startswith("Started by") for words in links(as_maya))


def test_the_workflow_is_called_by_its_name(flow: Flow, as_maya: PageClient, child: int) -> None:
    as_maya.get(f"/workflows/{runs(flow)[0].workflow_id}/")
    assert "Run Tell the family and wait for it" in as_maya.text
    as_maya.get("/workflows/")
    assert "run Tell the family and wait for it" in as_maya.text


def test_whoever_may_not_see_the_other_run_is_not_led_there(app: Flask, flow: Flow, cast: Cast, child: int) -> None:
    organisations = update(EXECUTIONS).where(EXECUTIONS.c.id == 1).values(home_id=None)
    flow.database.write(lambda session: bool(session.execute(organisations)))
    for who, led in ((cast.maya, False), (cast.ada, True)):
        page = sign_in(app, flow, who)
        page.get("/workflows/executions/2/")
        assert ("Started by “Parent”, run 1" in links(page)) is led
        assert "Started by a step of another run." in page.text


def test_a_colleague_sees_that_it_ran_and_nothing_of_whom(flow: Flow, as_dan: PageClient, child: int) -> None:
    as_dan.get("/workflows/executions/2/")
    assert "What it knew" not in as_dan.text  # the run is not about him, as far as it says


def test_nobody_of_another_home_sees_either(app: Flask, flow: Flow, cast: Cast, child: int) -> None:
    page = sign_in(app, flow, cast.erin)
    for number in (1, 2):
        page.get(f"/workflows/executions/{number}/", status=404)
