"""What can be done with a run on its page."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from flowapp.bootstrap import Flow
from flowapp.engine.execution import STEPS, ExecutionStatus, StepStatus
from flowapp.rota.leave import LeaveStatus
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all, runs
from tests.support.page import PageClient
from tests.support.visitors import sign_in
from tests.web.test_undo_page import leave_status

FAILS = {"id": "a", "type": "action", "action": "approve_leave", "with": {"leave_request_id": "999999"}}
WAITS = {"id": "later", "type": "delay", "for": {"hours": 1}}
TYPED = "input[name]:not([type=checkbox])"  # nothing is ticked unless a test says so
HERE = "/workflows/executions/1/"


def went(flow: Flow, cast: Cast, *steps: dict[str, Any]) -> None:
    """Let a run of these steps go as far as it goes."""
    a_workflow(flow, cast.maya, a_document(*steps, name="Decide"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)


def pressed(page: PageClient, words: str, *, status: int = 303, **typed: str) -> None:
    """Press a button of the page that is shown, with what was typed into its form."""
    button = next(each for each in page.soup.select("main button") if words in each.get_text())
    form = button.find_parent("form")
    assert form is not None
    data = {str(each["name"]): str(each.get("value", "")) for each in form.select(TYPED)} | typed
    if button.get("name"):
        data[str(button["name"])] = str(button["value"])
    page.post(str(button.get("formaction") or form["action"]), data, status=status)


def buttons(page: PageClient) -> list[str]:
    """Answer the words of everything that can be pressed about the run."""
    found = page.soup.select("#hands button, #hands a.button")
    return [" ".join(each.get_text(" ").split()) for each in found]


def test_a_failed_run_offers_what_can_be_done(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    went(flow, cast, FAILS)
    as_maya.get(HERE)
    assert buttons(as_maya) == ["Retry this step", "Retry from the start", "Skip this step", "Give up"]


@pytest.mark.parametrize("name", ["dan", "sorcha", "hana"])
def test_who_may_not_step_in_sees_no_buttons(app: Flask, flow: Flow, cast: Cast, name: str) -> None:
    went(flow, cast, FAILS)
    page = sign_in(app, flow, getattr(cast, name))
    page.get(HERE)
    assert page.soup.select("#hands") == []
    assert "A manager can take it up again." in page.text


def test_skipping_asks_first(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    went(flow, cast, FAILS, notify("tell"))
    as_maya.get(HERE)
    link = next(each for each in as_maya.soup.select("#hands a") if "Skip" in each.get_text())
    as_maya.get(str(link["href"]))
    assert "cannot be taken back" in as_maya.text
    pressed(as_maya, "Skip this step")
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    as_maya.get(HERE)
    assert "Skipped by Maya." in as_maya.text
    assert buttons(as_maya) == []


def test_a_run_is_cancelled_with_a_reason(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    went(flow, cast, WAITS)
    as_maya.get(HERE)
    assert buttons(as_maya) == ["Skip this step", "Cancel this run"]
    as_maya.get(f"{HERE}cancel/")
    pressed(as_maya, "Cancel this run", status=422)
    assert "Say why" in as_maya.text
    pressed(as_maya, "Cancel this run", reason="Asked for twice")
    as_maya.get(HERE)
    assert "Cancelled by Maya: Asked for twice" in as_maya.text
    assert buttons(as_maya) == ["Retry from the start"]


APPROVES = {"id": "c", "type": "action", "action": "approve_leave",
         "with": {"leave_request_id": "${context.leave_request_id}"}}  # fmt: skip


def test_a_run_is_cancelled_and_what_it_did_is_undone(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    went(flow, cast, APPROVES, WAITS)
    as_maya.get(f"{HERE}cancel/")
    pressed(as_maya, "Cancel this run", undo="yes", status=422)
    assert as_maya.soup.select_one("input[name=undo][checked]") is not None  # nobody has to tick it again
    pressed(as_maya, "Cancel this run", reason="Asked for twice", undo="yes")
    as_maya.get(HERE)
    assert "The run is cancelled. This run is undone." in as_maya.text
    assert "waits for a decision again" in as_maya.text
    assert leave_status(flow) is LeaveStatus.REQUESTED


def test_a_run_that_had_done_nothing_is_cancelled_and_that_is_said(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    went(flow, cast, WAITS)
    as_maya.get(f"{HERE}cancel/")
    pressed(as_maya, "Cancel this run", reason="Asked for twice", undo="yes")
    as_maya.get(HERE)
    assert "It had done nothing that can be undone." in as_maya.text
    assert runs(flow)[0].status == ExecutionStatus.CANCELLED


def test_a_second_click_begins_no_second_run_and_both_runs_name_each_other(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    went(flow, cast, FAILS)
    as_maya.get(HERE)
    pressed(as_maya, "Retry from the start")
    as_maya.get(HERE)
    assert "Retried as run 2" in as_maya.text
    assert buttons(as_maya) == []
    as_maya.get("/workflows/executions/2/")
    assert "The run before: 1" in as_maya.text
    assert len(runs(flow)) == 2


def test_the_same_form_sent_twice_does_it_once(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    went(flow, cast, FAILS)
    as_maya.get(HERE)
    form = as_maya.soup.select_one("#hands form")
    assert form is not None
    data = {str(each["name"]): str(each["value"]) for each in form.select("input[name]")} | {"from": "failed"}
    for _ in range(2):
        as_maya.post(str(form["action"]), data, status=303)
    as_maya.post(str(form["action"]), data | {"nonce": "another"}, status=409)
    assert "under way" in as_maya.text


def test_why_a_step_cannot_be_retried_is_said(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    went(flow, cast, {"id": "s", "type": "stop", "outcome": "failed", "message": "No"})
    as_maya.get(HERE)
    assert buttons(as_maya) == ["Retry from the start", "Give up"]
    assert "stopped this run on purpose" in as_maya.text


def test_a_step_in_doubt_asks_whether_it_was_done(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    went(flow, cast, WAITS)
    flow.database.write(lambda s: bool(s.execute(update(STEPS).values(status=StepStatus.UNCERTAIN))))
    as_maya.get(HERE)
    assert buttons(as_maya)[:3] == ["It was done", "Do it again", "Skip it"]
    pressed(as_maya, "It was done")
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_runs_that_need_attention_are_counted_until_they_are_dealt_with(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    went(flow, cast, FAILS)
    leave_asked(flow, cast.sorcha)
    run_all(flow)

    def listed() -> str:
        as_maya.get("/workflows/executions/?status=attention")
        return as_maya.text

    assert "2 runs." in listed()
    as_maya.get(HERE)
    pressed(as_maya, "Give up")
    as_maya.get(HERE)
    assert "Dealt with by" in as_maya.text
    assert "1 run." in listed()
    as_maya.get("/workflows/executions/2/")
    pressed(as_maya, "Retry from the start")
    assert "0 runs." in listed()
    assert "Nothing needs attention" in as_maya.text
    run_all(flow)
    assert "1 run." in listed()  # the new one failed again
