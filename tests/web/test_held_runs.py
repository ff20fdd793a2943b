"""Runs that are held because too many came at once: the workflow's page says so, and two buttons answer."""

from __future__ import annotations

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.events.outbox import record
from tests.cast import Cast
from tests.engine.limits import statuses
from tests.factories import a_document, a_workflow, leave_event, run_all
from tests.support.page import PageClient
from tests.support.visitors import sign_in


@pytest.fixture
def flooded(flow: Flow, cast: Cast) -> int:
    """A workflow of which three runs are held."""
    flow.parts.gauge.limit = 2
    made = a_workflow(flow, cast.maya, a_document(), home_id=cast.rose)
    for number in range(1, 6):
        event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose, request_id=number)
        flow.database.write(lambda session, event=event: record(session, event))  # type: ignore[misc]
    run_all(flow)
    return made


def notices(page: PageClient) -> list[str]:
    """Answer the words of every notice on the page."""
    return [" ".join(each.get_text(" ").split()) for each in page.soup.select("main .notice")]


def press(page: PageClient, workflow_id: int, word: str) -> PageClient:
    """Press one of the two buttons, and follow to where it leads."""
    page.get(f"/workflows/{workflow_id}/")
    assert page.soup.select_one(f"main form[action$='/held/{word}'] button")
    answer = page.post(f"/workflows/{workflow_id}/held/{word}", {}, status=303)
    page.get(str(answer.location))
    return page


def test_the_page_says_how_many_are_held_and_offers_both_answers(
    flow: Flow, cast: Cast, app: Flask, flooded: int
) -> None:
    page = sign_in(app, flow, cast.maya)
    page.get(f"/workflows/{flooded}/")
    [notice] = notices(page)
    assert "3 runs are held" in notice
    assert "More than 2 runs of this workflow were about to start within a minute." in notice
    assert notice.endswith("Start them all Do not start them")


def test_somebody_who_may_not_start_it_is_told_only(flow: Flow, cast: Cast, app: Flask, flooded: int) -> None:
    page = sign_in(app, flow, cast.dan)
    page.get(f"/workflows/{flooded}/")
    [notice] = notices(page)
    assert notice.endswith("Somebody who may start it decides whether they shall start.")
    assert page.soup.select("main form") == []


def test_they_can_all_be_started(flow: Flow, cast: Cast, app: Flask, flooded: int) -> None:
    page = press(sign_in(app, flow, cast.maya), flooded, "start")
    assert notices(page) == ["The 3 held runs start now, one after the other."]
    run_all(flow)
    assert statuses(flow) == ["completed"] * 5


def test_they_can_all_be_dropped(flow: Flow, cast: Cast, app: Flask, flooded: int) -> None:
    page = press(sign_in(app, flow, cast.maya), flooded, "drop")
    assert "3 runs were not started." in page.text
    assert statuses(flow) == ["completed"] * 2 + ["cancelled"] * 3
    assert "Maya decided that the held runs shall not start." in page.text


def test_whoever_answers_second_is_told_so(flow: Flow, cast: Cast, app: Flask, flooded: int) -> None:
    page = sign_in(app, flow, cast.maya)
    page.get(f"/workflows/{flooded}/")
    press(sign_in(app, flow, cast.ada), flooded, "drop")
    answer = page.post(f"/workflows/{flooded}/held/start", {}, status=303)
    page.get(str(answer.location))
    assert "Nothing was held any more: somebody else has answered already." in page.text


def test_the_story_of_a_held_run_says_what_it_waits_for(flow: Flow, cast: Cast, app: Flask, flooded: int) -> None:
    page = sign_in(app, flow, cast.maya)
    page.get("/workflows/executions/5/")
    assert "Held: more than 2 runs were about to start within a minute." in page.text


def test_a_start_that_is_refused_is_told_to_whoever_started_it(flow: Flow, cast: Cast, app: Flask) -> None:
    pause = {"id": "pause", "type": "delay", "for": {"hours": 1}}
    document = a_document(pause, triggers=[{"id": "m", "type": "manual"}], settings={"mode": "single"})
    made = a_workflow(flow, cast.maya, document, home_id=cast.rose)
    page = sign_in(app, flow, cast.maya)
    for _ in range(2):
        page.get(f"/workflows/{made}/execute/")
        fields = {each["name"]: each["value"] for each in page.soup.select("main form input[type=hidden]")}
        answer = page.post(f"/workflows/{made}/execute/", fields, status=303)
    page.get(str(answer.location))
    assert "Not started: “A workflow” was already running (run 1)." in page.text
    page.get("/workflows/executions/")
    assert "Not started: “A workflow” was already running (run 1)." in page.text
