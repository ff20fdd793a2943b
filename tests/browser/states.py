"""Workflows and runs in every state in which somebody can meet them, and where each is found."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.execution import STEPS, StepStatus
from flowapp.engine.manual import start_by_hand
from flowapp.engine.people import calling_off, giving_up, retrying
from flowapp.engine.undoing import undoing
from flowapp.events.outbox import record
from flowapp.workflows.publishing import create_workflow
from flowapp.workflows.reading import read_document
from flowapp.workflows.switching import Switch, pause_by_itself
from tests.browser.hour_states import hour_states
from tests.cast import Cast
from tests.factories import (
    a_document,
    a_workflow,
    approve,
    cause_of,
    leave_asked,
    leave_event,
    notify,
    run_all,
    runs,
    switched,
)

BY_HAND = [{"id": "m", "type": "manual", "inputs": []}]
NO_SUCH_LEAVE: dict[str, Any] = {
    "id": "decide", "type": "action", "action": "approve_leave", "with": {"leave_request_id": "999999"},
}  # fmt: skip
LATER: dict[str, Any] = {"id": "later", "type": "delay", "for": {"days": 3000}}
DECIDED: dict[str, Any] = {
    "id": "decided", "type": "wait",
    "for_events": [{"event": "leave_approved"}, {"event": "leave_rejected"}],
    "then": [notify("thank", "It is decided.")], "timed_out": [],
}  # fmt: skip


class States:
    """Writes one state after the other; `found` has the address of each by its name."""

    def __init__(self, flow: Flow, cast: Cast) -> None:
        self.flow, self.cast = flow, cast
        self.cause = cause_of(cast.maya, flow.clock.now())
        self.found: dict[str, str] = {}

    def workflow(self, name: str, *steps: dict[str, Any], **given: Any) -> int:
        """Write an active workflow that a person starts."""
        document = a_document(*steps, name=name, **({"triggers": BY_HAND} | given))
        return a_workflow(self.flow, self.cast.maya, document, home_id=self.cast.rose)

    def start(self, workflow_id: int) -> int:
        """Start a workflow by hand, let it go as far as it goes, and answer the run's number."""
        flow = self.flow

        def begin(session: Session) -> int:
            return start_by_hand(flow.parts, session, self.cause, workflow_id, triggers=flow.triggers, inputs={})

        number = flow.database.write(begin)
        run_all(flow)
        return number

    def keep(self, state: str, number: int) -> int:
        """Remember where a run is found."""
        self.found[state] = f"/workflows/executions/{number}/"
        return number

    def run(self, state: str, name: str, *steps: dict[str, Any], **given: Any) -> int:
        """Write a workflow, start it and remember the run."""
        return self.keep(state, self.start(self.workflow(name, *steps, **given)))

    def kept(self, state: str, workflow_id: int) -> int:
        """Remember where a workflow is found."""
        self.found[state] = f"/workflows/{workflow_id}/"
        return workflow_id


def states(flow: Flow, cast: Cast) -> dict[str, str]:
    """Write all of them at Rose House, and answer the address of each."""
    made = States(flow, cast)
    _undone(made)
    _under_way(made)
    _stopped(made)
    _came_in(made)
    _workflows(made)
    return made.found | hour_states(flow, cast)


def _undone(made: States) -> None:
    """Runs whose effects were taken back: by a person, and by themselves. They begin with a leave request each."""
    flow, cast = made.flow, made.cast
    sick = {"id": "asked", "type": "event", "event": "leave_requested"}
    for state, day, steps in (
        ("undone", 7, (approve(), notify("tell", "Leave is approved"))),
        ("to_undo", 8, (approve(), notify("tell", "Leave is approved"))),
        ("rolled_back", 9, (approve(), NO_SUCH_LEAVE | {"on_error": "rollback"})),
    ):
        workflow_id = made.workflow(f"Decide about leave, {state.replace('_', ' ')}", *steps, triggers=[sick])
        leave_asked(flow, cast.dan, start=date(2026, 12, day))
        run_all(flow)
        made.keep(state, runs(flow)[-1].id)
        switched(flow, cast.maya, workflow_id, Switch.PAUSE)
    number = int(made.found["undone"].split("/")[-2])
    undoing.undo(flow.database.write, flow.parts, number, who=cast.maya, cause=made.cause)


def _under_way(made: States) -> None:
    made.run("waits_for_an_event", "Wait for the decision", DECIDED)
    made.run("waits_for_a_time", "Look again later", LATER, notify("tell", "Look again"))
    branches = [
        {"name": "kitchen", "label": "Tell the kitchen", "steps": [notify("cook", "One less for lunch")]},
        {"name": "decision", "label": "Wait for the decision", "steps": [DECIDED]},
    ]
    made.run("branches", "Side by side", {"id": "both", "type": "branch", "branches": branches, "merge": "all"})
    child = made.workflow("Tell the family", LATER)
    made.run("parent", "Admit a resident", {"id": "family", "type": "workflow", "workflow": child})
    made.keep("child", runs(made.flow)[-1].id)
    in_doubt = made.run("uncertain", "Order linen", LATER, notify("tell", "Linen is ordered"))
    change = update(STEPS).where(STEPS.c.execution_id == in_doubt).values(status=StepStatus.UNCERTAIN)
    made.flow.database.write(lambda session: bool(session.execute(change)))


def _stopped(made: States) -> None:
    loop = {"id": "each", "type": "loop", "items": "${[1, 2, 3]}", "as": "round", "steps": [notify("tell", "Round")]}
    made.run("completed", "Do the rounds", loop)
    made.run("failed", "Approve what is not there", notify("before", "Looking"), NO_SUCH_LEAVE, notify("after", "Done"))
    stop = {"id": "s", "type": "stop", "outcome": "failed", "message": "Nobody is on duty"}
    made.run("stopped_on_purpose", "Check who is on duty", stop)
    write, cause = made.flow.database.write, made.cause
    given_up = made.run("given_up", "Approve what was withdrawn", NO_SUCH_LEAVE)
    write(lambda session: giving_up.give_up(session, cause, given_up))
    again = made.run("retried", "Approve it again", NO_SUCH_LEAVE)
    again = write(lambda session: retrying.retry_from_start(made.flow.parts, session, cause, again))
    run_all(made.flow)
    made.keep("retry", again)
    cancelled = made.run("cancelled", "Order taxis", LATER)
    write(lambda session: calling_off.cancel(made.flow.parts, session, cause, cancelled, reason="Ordered by telephone"))


def _came_in(made: States) -> None:
    """Runs that might not begin at once, or not at all."""
    single = made.workflow("One at a time", LATER, settings={"mode": "single"})
    made.start(single)
    made.keep("not_started", made.start(single))
    queued = made.workflow("In their turn", LATER, settings={"mode": "queued"})
    made.start(queued)
    made.keep("queued", made.start(queued))
    flow, cast = made.flow, made.cast
    flow.parts.gauge.limit = 2
    asked = {"id": "asked", "type": "event", "event": "leave_requested"}
    held = made.kept("workflow_held", made.workflow("Note each request", triggers=[asked]))
    for number in range(1, 6):
        event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose, request_id=number)
        flow.database.write(lambda session, event=event: record(session, event))  # type: ignore[misc]
    run_all(flow)
    made.keep("held", runs(flow)[-1].id)
    assert runs(flow)[-1].workflow_id == held


def _workflows(made: States) -> None:
    flow, cast, asked = made.flow, made.cast, {"id": "asked", "type": "event", "event": "leave_requested"}
    made.kept("workflow_active", made.workflow("Call the plumber", triggers=[*BY_HAND, asked]))
    paused = made.kept("workflow_paused", made.workflow("Tell the cook", triggers=[asked]))
    switched(flow, cast.maya, paused, Switch.PAUSE, reason="The kitchen is being rebuilt")
    leave_asked(flow, cast.sorcha, start=date(2026, 12, 16))
    leave_asked(flow, cast.sorcha, start=date(2026, 12, 17))
    run_all(flow)
    itself = made.kept("workflow_paused_by_itself", made.workflow("Book agency staff", NO_SUCH_LEAVE))
    for _ in range(2):
        made.start(itself)
    why = "it failed 10 times in a row."
    flow.database.write(lambda session: pause_by_itself(session, made.cause, itself, why))
    failing = made.kept("workflow_failing", made.workflow("Renew certificates", NO_SUCH_LEAVE))
    for _ in range(2):
        made.start(failing)
    archived = made.kept("workflow_archived", made.workflow("Tell the old manager"))
    switched(flow, cast.maya, archived, Switch.ARCHIVE)
    document = read_document(a_document(LATER, name="Not ready yet", triggers=BY_HAND))
    draft = flow.database.write(
        lambda s: create_workflow(s, made.cause, document, owner_id=cast.maya.user_id, home_id=cast.rose).id
    )
    made.kept("workflow_draft", draft)
