"""`flask flow run` and `executions`: workflows started from the command line, and their runs listed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.user_changes import deactivate
from flowapp.bootstrap import Flow, registries
from flowapp.engine.execution import ExecutionStatus
from flowapp.events.cause import SYSTEM, Cause
from flowapp.workflows.kinds import Action
from flowapp.workflows.switching import Switch
from tests.cast import Cast
from tests.engine.made_actions import Outside, made
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all, runs, switched

Run = Callable[..., Result]
BY_HAND = {
    "id": "hand",
    "type": "manual",
    "inputs": [{"name": "days", "label": "Days", "type": "number", "required": True}],
}


@pytest.fixture
def actions() -> Mapping[str, Action]:
    """The real kinds of action and those of the engine's tests."""
    return {**registries().actions, **{each.kind: each for each in made()}}


@pytest.fixture
def run(app: Flask, cast: Cast) -> Run:
    """Answer a function that runs `flask flow …` with these arguments."""
    return lambda *arguments: app.test_cli_runner().invoke(args=["flow", *arguments])


@pytest.fixture
def asked(flow: Flow, cast: Cast) -> str:
    """A workflow at Rose House that asks for days."""
    return str(a_workflow(flow, cast.maya, a_document(notify("tell"), triggers=[BY_HAND]), home_id=cast.rose))


def started(flow: Flow, cast: Cast, step: dict[str, Any]) -> str:
    """Make a workflow with one step, and answer its number."""
    return str(a_workflow(flow, cast.maya, a_document(step), home_id=cast.rose))


def act(kind: str) -> dict[str, Any]:
    """Answer a step with one of the actions made for tests."""
    return {"id": kind, "type": "action", "action": kind, "with": {}}


def said(result: Result, status: int) -> str:
    """Answer what was said to a person, and nothing of Python's."""
    assert result.exit_code == status, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return str(result.output)


def test_the_owner_starts_it_unless_somebody_else_is_named(flow: Flow, cast: Cast, run: Run, asked: str) -> None:
    first = said(run("run", asked, "--context", '{"days": 1.5}'), 0)
    second = said(run("run", asked, "--context", '{"days": 2}', "--as", "ada@example.org"), 0)
    assert [each.started_by_id for each in runs(flow)] == [cast.maya.user_id, cast.ada.user_id]
    assert [first.splitlines()[-1], second.splitlines()[-1]] == [str(each.id) for each in runs(flow)]
    assert [str(each.context["days"]) for each in runs(flow)] == ["1.5", "2"]
    with flow.database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "workflow.run")).all()
    assert [each.actor for each in entries] == [f"user:{each.user_id}" for each in (cast.maya, cast.ada)]


def test_without_waiting_the_run_is_left_to_the_engine(flow: Flow, run: Run, asked: str) -> None:
    said(run("run", asked, "--context", '{"days": 2}'), 0)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.PENDING]
    run_all(flow)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED]


def test_waiting_carries_the_run_on_to_its_end(flow: Flow, run: Run, asked: str) -> None:
    lines = said(run("run", asked, "--context", '{"days": 2}', "--wait"), 0).splitlines()
    assert lines[0].startswith("“A workflow”: completed. Notify the manager")
    assert lines[-1] == str(runs(flow)[0].id)


def test_what_it_does_outside_is_waited_for(flow: Flow, cast: Cast, run: Run) -> None:
    found = json.loads(said(run("run", started(flow, cast, act("outside")), "--wait", "--json"), 0))
    assert (found["status"], found["id"]) == ("completed", runs(flow)[0].id)


def test_what_it_does_outside_is_not_taken_for_lost_however_long_it_takes(flow: Flow, cast: Cast, run: Run) -> None:
    threads: list[str] = []
    action = flow.actions["outside"]
    assert isinstance(action, Outside)
    action.does = lambda _run: threads.extend(each.name for each in threading.enumerate())
    said(run("run", started(flow, cast, act("outside")), "--wait"), 0)
    assert "heartbeat" in threads


def test_a_run_that_fails_is_told_with_its_reason_and_status_1(flow: Flow, cast: Cast, run: Run) -> None:
    words = said(run("run", started(flow, cast, act("refuse")), "--wait"), 1)
    assert "“A workflow”: failed." in words
    reason = runs(flow)[0].reason
    assert reason
    assert reason in words


def test_programs_read_how_it_failed_as_json(flow: Flow, cast: Cast, run: Run) -> None:
    found = json.loads(said(run("run", started(flow, cast, act("refuse")), "--wait", "--json"), 1))
    assert found["status"] == "failed"
    assert found["error"]["path"] == "refuse"


def test_a_run_that_was_not_let_in_has_not_come_to_its_end(flow: Flow, cast: Cast, run: Run) -> None:
    document = a_document(notify("tell"), settings={"mode": "single"})
    number = str(a_workflow(flow, cast.maya, document, home_id=cast.rose))
    said(run("run", number), 0)
    assert "cancelled" in said(run("run", number, "--wait"), 1)


REFUSED = [
    # not what it asks for
    (("--context", "{}"), "days: Days is needed to start this workflow."),
    # of another type
    (("--context", '{"days": "two"}'), "days: Days must be a number"),
    # something else
    (("--context", '{"days": 2, "colour": "blue"}'), "colour is not asked for"),
    # nobody
    (("--as", "nobody@example.org"), "no open account with the address nobody@example.org"),
    # a carer
    (("--as", "dan@example.org"), "dan@example.org may not start “A workflow”"),
    # the manager of another home
    (("--as", "erin@example.org"), "erin@example.org may not start “A workflow”"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED, ids=[row[1][:30] for row in REFUSED])
def test_what_may_not_be_started_is_said_on_standard_error_with_status_1(
    flow: Flow, run: Run, asked: str, arguments: tuple[str, ...], words: str
) -> None:
    result = run("run", asked, *arguments)
    said(result, 1)
    assert words in result.stderr
    assert result.stdout == ""
    assert not runs(flow)


def test_an_owner_whose_account_is_closed_starts_nothing(flow: Flow, cast: Cast, run: Run, asked: str) -> None:
    cause = Cause(actor=SYSTEM, at=flow.clock.now())
    flow.database.write(lambda session: deactivate(session, cause, cast.maya.user_id))
    assert "maya@example.org may not start" in said(run("run", asked, "--context", '{"days": 2}'), 1)
    assert not runs(flow)


def test_a_workflow_that_is_paused_is_not_started(flow: Flow, cast: Cast, run: Run, asked: str) -> None:
    switched(flow, cast.maya, int(asked), Switch.PAUSE, reason="Holidays")
    assert "is not active, so it cannot be started" in said(run("run", asked, "--context", '{"days": 2}'), 1)


def test_a_workflow_that_is_not_there_is_not_started(run: Run) -> None:
    assert "There is no workflow 999" in said(run("run", "999"), 1)


@pytest.mark.parametrize(
    "arguments",
    [("run",), ("run", "1", "--context", "[1]"), ("run", "1", "--context", "{"), ("run", "1", "--context", '{"a":NaN}'),
     ("executions", "--limit", "0"), ("executions", "--status", "odd"), ("executions", "1")],
)  # fmt: skip
def test_misuse_ends_with_status_2(flow: Flow, run: Run, arguments: tuple[str, ...]) -> None:
    assert "Usage:" in said(run(*arguments), 2)
    assert not runs(flow)


@pytest.fixture
def several(flow: Flow, cast: Cast) -> tuple[int, int]:
    """Two workflows that a request of leave starts: one that fails, and one that does not."""
    bad = a_workflow(flow, cast.maya, a_document(act("refuse"), name="Bad"), home_id=cast.rose)
    good = a_workflow(flow, cast.maya, a_document(name="Good"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    return bad, good


def test_runs_are_listed_in_a_table_the_newest_first(run: Run, flow: Flow, several: tuple[int, int]) -> None:
    lines = said(run("executions"), 0).splitlines()
    assert lines[0].split() == ["run", "workflow", "status", "started", "by", "accepted", "reason"]
    assert [line.split()[0] for line in lines[1:]] == [str(each.id) for each in reversed(runs(flow))]
    assert any("Bad" in line and "failed" in line and "2026-11-23 09:00" in line for line in lines)


def test_runs_are_looked_for_by_workflow_status_and_number(run: Run, several: tuple[int, int]) -> None:
    bad, good = several

    def found(*arguments: str) -> list[int]:
        items = json.loads(said(run("executions", "--json", *arguments), 0))["items"]
        return [each["workflow"]["id"] for each in items]

    assert sorted(found()) == [bad, good]
    assert found("--workflow", str(good)) == [good]
    assert found("--status", "failed") == [bad]
    assert found("--status", "failed", "--workflow", str(good)) == []
    assert len(found("--limit", "1")) == 1


def test_no_runs_are_said_to_be_none(run: Run) -> None:
    assert "There are no such runs." in said(run("executions"), 0)
    assert "There is no workflow 7" in said(run("executions", "--workflow", "7"), 1)
