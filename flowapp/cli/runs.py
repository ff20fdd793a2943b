"""`flask flow run` and `executions`: starting a workflow by hand, and looking at its runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import person_of
from flowapp.bootstrap import Flow
from flowapp.cli.given import person_called, record_in, workflow_called
from flowapp.cli.printing import refusals, refuse, say, say_data, say_table
from flowapp.engine import queries
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.engine.manual import start_by_hand
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.http.running import flow as running
from flowapp.kernel.db import DatabaseBusy
from flowapp.kernel.schema import migrate
from flowapp.workflows.workflow import Workflow

LOOK_SECONDS = 0.5  # how often we look whether somebody else has ended the run
MOST_LISTED = 200


def add_to(group: AppGroup) -> None:
    """Add the commands about runs."""
    group.command("run", help="Start a workflow by hand; the run's number stands alone on the last line.")(run)
    group.command("executions", help="List the newest runs.")(executions)


@click.argument("workflow")
@click.option("--context", "given", callback=record_in, metavar="JSON", help='What it is given: {"days": 2}.')
@click.option("--as", "email", help="The email address of whoever starts it; its owner.")
@click.option("--wait", is_flag=True, help="Wait for its end; status 1 unless it came to it.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
def run(workflow: str, given: dict[str, Any], email: str | None, wait: bool, as_json: bool) -> None:
    """Start a workflow by hand, and wait for its end if wanted."""
    flow = running()
    migrate(flow.database)
    with flow.database.read() as session:
        found = workflow_called(session, workflow)
        who = _starter(session, found, email)
    actor = Actor(kind=ActorKind.USER, id=who.user_id, name=who.name, role=who.role.label)
    cause = Cause(actor=actor, at=flow.clock.now())
    with refusals():
        number = flow.database.write(
            lambda session: start_by_hand(flow.parts, session, cause, found.id, triggers=flow.triggers, inputs=given)
        )
    if wait:
        _carry_on(flow, number)
    with flow.database.read() as session:
        execution = session.get_one(Execution, number)
    if as_json:
        say_data(_outcome(execution))
    else:
        _say_outcome(found.name, who, execution, wait=wait)
    if wait and execution.status != ExecutionStatus.COMPLETED:
        raise SystemExit(1)


def _starter(session: Session, workflow: Workflow, email: str | None) -> Person:
    """Answer who starts a workflow; ends the command where they may not."""
    who = person_called(session, email) if email is not None else person_of(session, workflow.owner_id)
    if who is None or not can(who, "workflow.run", On(home_id=workflow.home_id)):
        name = email or (who.email if who else "Its owner")
        refuse(f"{name} may not start “{workflow.name}”. Say with --as who starts it: a manager of its home may.")
    return who


def _carry_on(flow: Flow, number: int) -> None:
    """Do the engine's work until a run has ended, whether or not a server does so as well."""
    flow.worker.start()
    try:
        while not _has_ended(flow, number):
            flow.waiting.begin_again([number])  # what was heard may be past: somebody may have retried the run
            if not _look(flow):
                flow.waiting.wait([number], LOOK_SECONDS)
    finally:
        flow.worker.close()  # other runs were carried on, too: what they do outside is finished


def _look(flow: Flow) -> int:
    try:
        flow.worker.look_after()
        return flow.worker.run_due()
    except DatabaseBusy:  # the run is started, so there is nothing to refuse: we look again
        return 0


def _has_ended(flow: Flow, number: int) -> bool:
    with flow.database.read() as session:
        return queries.settled(session, [number])


def _say_outcome(name: str, who: Person, execution: Execution, *, wait: bool) -> None:
    if wait:
        say(f"“{name}”: {execution.status}." + (f" {execution.reason}" if execution.reason else ""))
        if execution.error and execution.error.get("message") not in (None, execution.reason):
            say(str(execution.error["message"]))
    else:
        say(f"“{name}” is started by {who.name}. Its run has the number:")
    say(str(execution.id))


def _outcome(found: Execution) -> dict[str, Any]:
    return {
        "id": found.id,
        "uid": found.uid,
        "status": found.status.value,
        "reason": found.reason,
        "error": found.error,
        "result": found.result,
    }


@click.option("--workflow", help="Only those of this workflow: its number or uid.")
@click.option("--status", type=click.Choice([each.value for each in ExecutionStatus]), help="Only those that stand so.")
@click.option("--limit", type=click.IntRange(1, MOST_LISTED), default=20, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def executions(workflow: str | None, status: str | None, limit: int, as_json: bool) -> None:
    """List the newest runs, the last one first."""
    flow = running()
    migrate(flow.database)
    query = select(Execution, Workflow.name).join(Workflow, Workflow.id == Execution.workflow_id)
    if status is not None:
        query = query.where(Execution.status == ExecutionStatus(status))
    with flow.database.read() as session:
        if workflow is not None:
            query = query.where(Execution.workflow_id == workflow_called(session, workflow).id)
        found = session.execute(query.order_by(Execution.id.desc()).limit(limit)).all()
    if as_json:
        say_data({"items": [_row_data(row) for row in found]})
    elif not found:
        say("There are no such runs.")
    else:
        heads = ("run", "workflow", "status", "started by", "accepted", "reason")
        say_table(heads, [_row_words(row, flow) for row in found])


def _row_data(row: Row[Execution, str]) -> dict[str, Any]:
    found, name = row
    return {
        **_outcome(found),
        "workflow": {"id": found.workflow_id, "name": name},
        "trigger": {"type": found.trigger_type, "id": found.trigger_id},
        "started_by": found.started_by,
        "created_at": found.created_at,
        "finished_at": found.finished_at,
    }


def _row_words(row: Row[Execution, str], flow: Flow) -> tuple[str, ...]:
    found, name = row
    accepted: datetime = found.created_at.astimezone(flow.settings.zone)
    reason = " ".join((found.reason or "").split())
    return str(found.id), name, found.status.value, found.started_by, f"{accepted:%Y-%m-%d %H:%M}", reason
