"""How a workflow stands, on its page: since when and why it is off, what came meanwhile, and what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.engine.accept import NOT_RUN_PAUSED
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.engine.queries import may_see
from flowapp.web.filters import ended, exact
from flowapp.workflows.switching import BY_ITSELF, PERMISSION, Switch
from flowapp.workflows.workflow import Workflow, WorkflowStatus


@dataclass(frozen=True, kw_only=True)
class Button:
    """What may be done: a button of a form, or a link to where it is asked first."""

    text: str
    href: str
    icon: str
    way: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands at the top of the page beside the status; no title, no notice."""

    title: str = ""
    text: str = ""
    tone: str = "info"
    link: tuple[str, str] | None = None
    now: Button | None = None  # within the notice
    pause: Button | None = None  # in a section of its own, with a reason
    ask: tuple[Button, ...] = ()  # links beside the status
    rev: int = 0


def standing(session: Session, person: Person, workflow: Workflow, *, zone: ZoneInfo) -> Standing:
    """Say how a workflow stands, and offer what this person may do about it."""
    if workflow.status == WorkflowStatus.PAUSED:
        told = _paused(session, person, workflow, zone)
    elif workflow.status == WorkflowStatus.ARCHIVED:
        told = _archived(workflow, zone)
    elif workflow.status == WorkflowStatus.ACTIVE and workflow.failing_since is not None:
        told = _failing(workflow, zone)
    else:
        told = Standing()
    if not can(person, PERMISSION, On(home_id=workflow.home_id)):
        return told
    active = workflow.status == WorkflowStatus.ACTIVE
    toggle = url_for("workflow_switching.toggle_now", workflow_id=workflow.id)
    return Standing(
        title=told.title,
        text=told.text,
        tone=told.tone,
        link=told.link,
        now=_now(workflow, toggle),
        pause=Button(text="Pause it", href=toggle, icon="pause", way=Switch.PAUSE) if active else None,
        ask=_ask(workflow),
        rev=workflow.rev,
    )


def _paused(session: Session, person: Person, workflow: Workflow, zone: ZoneInfo) -> Standing:
    since, reason = workflow.paused_at or workflow.updated_at, workflow.paused_reason or "Paused"
    number = _not_run(session, person, workflow, since)
    runs = url_for("executions.index", workflow=workflow.id, status=ExecutionStatus.CANCELLED.value)
    came = "1 event came" if number == 1 else f"{number} events came"
    return Standing(
        title=f"Paused since {exact(since, zone=zone)}",
        text=f"{ended(reason)} Nothing starts it, what comes is noted as not run, and what had begun goes on.",
        tone="bad" if reason.startswith(BY_ITSELF) else "wait",
        link=(f"{came} while it was paused", runs) if number else None,
    )


def _not_run(session: Session, person: Person, workflow: Workflow, since: datetime) -> int:
    """Count what came since it was paused, as far as this person may see it."""
    mine = may_see(person).with_only_columns(Execution.id)
    query = mine.where(
        Execution.workflow_id == workflow.id, Execution.created_at >= since, Execution.reason == NOT_RUN_PAUSED
    )
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _archived(workflow: Workflow, zone: ZoneInfo) -> Standing:
    when = f" on {exact(workflow.archived_at, zone=zone)}" if workflow.archived_at else ""
    return Standing(
        title=f"Archived by {workflow.archived_by or 'somebody'}{when}",
        text="It starts nothing and is left out of the lists. Its runs are kept.",
        tone="quiet",
    )


def _failing(workflow: Workflow, zone: ZoneInfo) -> Standing:
    number, since = workflow.failures_in_a_row, workflow.failing_since or workflow.updated_at
    times = "Its last run failed" if number == 1 else f"Its last {number} runs failed"
    return Standing(
        title="It does not work at the moment",
        text=f"{times}, the first on {exact(since, zone=zone)}.",
        tone="bad",
        link=("See what went wrong", url_for("executions.index", workflow=workflow.id, status="failed")),
    )


def _now(workflow: Workflow, toggle: str) -> Button | None:
    if workflow.status == WorkflowStatus.PAUSED:
        return Button(text="Switch it on", href=toggle, icon="play", way=Switch.ACTIVATE)
    if workflow.status == WorkflowStatus.ARCHIVED:
        return Button(text="Bring it back", href=toggle, icon="undo-2", way=Switch.RESTORE)
    return None


def _ask(workflow: Workflow) -> tuple[Button, ...]:
    pause = Button(text="Pause", href="#pause", icon="pause")
    away = Button(text="Archive", href=url_for("workflow_switching.delete", workflow_id=workflow.id), icon="inbox")
    offered = {WorkflowStatus.ACTIVE: (pause, away), WorkflowStatus.ARCHIVED: ()}
    return offered.get(WorkflowStatus(workflow.status), (away,))
