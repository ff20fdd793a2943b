"""`flask flow tick`: one look at everything that is due."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from click.testing import Result
from flask import Flask

from flowapp.bootstrap import Flow, registries
from flowapp.engine.execution import ExecutionStatus
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.kinds import Action
from flowapp.workflows.kinds import Run as ActionRun
from tests.cast import Cast
from tests.engine.made_actions import Outside, made
from tests.factories import a_document, a_workflow, leave_asked, notify, runs

Run = Callable[..., Result]
HOURLY = [{"id": "at", "type": "schedule", "cron": "@hourly"}]
OUTSIDE = {"id": "call", "type": "action", "action": "outside", "with": {}}
MAIL = {
    "id": "mail",
    "type": "action",
    "action": "send_email",
    "with": {"to": "manager", "subject": "Look", "body": "At this."},
}


@pytest.fixture
def actions() -> Mapping[str, Action]:
    """The real kinds of action and those of the engine's tests."""
    return {**registries().actions, **{each.kind: each for each in made()}}


@pytest.fixture
def run(app: Flask, cast: Cast) -> Run:
    """Answer a function that runs `flask flow tick` with these arguments."""
    return lambda *arguments: app.test_cli_runner().invoke(args=["flow", "tick", *arguments])


def done(result: Result) -> dict[str, int]:
    """Answer what was done, without what was not."""
    assert result.exit_code == 0, result.output
    return {name: number for name, number in json.loads(result.stdout).items() if number}


def test_when_nothing_is_due_it_says_so(run: Run) -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (0, "Nothing is due.\n")
    assert done(run("--json")) == {}


def test_a_schedule_that_is_due_starts_its_run_which_comes_to_its_end(
    flow: Flow, cast: Cast, clock: FrozenClock, run: Run
) -> None:
    a_workflow(flow, cast.maya, a_document(triggers=HOURLY), home_id=cast.rose)
    assert done(run("--json")) == {}
    clock.advance(hours=1)
    result = run()
    assert "Runs started by their schedules: 1" in result.stdout
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED]


def test_what_steps_do_outside_is_done_and_what_follows_it(flow: Flow, cast: Cast, run: Run) -> None:
    callers = []

    def does(_run: ActionRun) -> None:
        callers.append(threading.current_thread().name)

    action = flow.actions["outside"]
    assert isinstance(action, Outside)
    action.does = does
    a_workflow(flow, cast.maya, a_document(OUTSIDE, notify("tell"), {**OUTSIDE, "id": "again"}), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert done(run("--json"))["carried_on"] >= 1
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED]
    assert len(callers) == 2


def test_mails_that_steps_write_are_looked_at_too(flow: Flow, cast: Cast, run: Run) -> None:
    a_workflow(flow, cast.maya, a_document(MAIL), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert done(run("--json"))["mails_kept"] == 1


def test_leave_whose_day_has_come_is_closed(flow: Flow, cast: Cast, clock: FrozenClock, run: Run) -> None:
    leave_asked(flow, cast.dan, start=date(2026, 12, 7))
    clock.advance(days=15)
    assert done(run("--json"))["leave"] == 1


def test_what_is_not_due_yet_is_left(flow: Flow, cast: Cast, clock: FrozenClock, run: Run) -> None:
    a_workflow(flow, cast.maya, a_document({"id": "rest", "type": "delay", "for": {"hours": 1}}), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run()
    assert [each.status for each in runs(flow)] == [ExecutionStatus.WAITING]
    clock.advance(hours=1)
    run()
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED]


@pytest.mark.parametrize("arguments", [("now",), ("--colour", "blue")])
def test_misuse_ends_with_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
