"""What the workflow pages show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import User
from flowapp.bootstrap import Flow
from flowapp.engine import queries
from flowapp.rota.homes import CareHome
from flowapp.web.executions.counted import counted
from flowapp.web.executions.rows import RunRow, run_rows
from flowapp.web.parts import sentence_parts
from flowapp.web.workflows.held import HeldRuns, held_runs
from flowapp.web.workflows.missed import MissedItem, missed_items
from flowapp.web.workflows.standing import Standing, standing
from flowapp.workflows.called import names_in
from flowapp.workflows.document import AnyStep, Document, TriggerSpec, lists
from flowapp.workflows.sentences import step_sentence, summary, trigger_sentence
from flowapp.workflows.steps.action import ActionStep
from flowapp.workflows.steps.workflow import Names
from flowapp.workflows.visible import document_of, visible
from flowapp.workflows.workflow import Workflow, WorkflowStatus

LATEST_RUNS = 10
Parts = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, kw_only=True)
class StepItem:
    """A step as the step list draws it."""

    id: str
    sentence: Parts
    kind: str
    name: str = ""
    off: bool = False
    lanes: tuple[LaneItem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LaneItem:
    """A list of steps inside a step."""

    label: str
    steps: tuple[StepItem, ...]
    tone: str
    empty: str = "Nothing happens."


@dataclass(frozen=True, kw_only=True)
class WorkflowCard:
    """A workflow in the list."""

    href: str
    name: str
    summary: str
    status: str
    home: str
    runs: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkflowsPage:
    """The list of workflows."""

    cards: tuple[WorkflowCard, ...]
    sentence: str
    tabs: tuple[dict[str, object], ...]
    empty: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkflowPage:
    """One workflow."""

    name: str
    summary: str
    status: str
    facts: tuple[tuple[str, str], ...]
    standing: Standing
    triggers: tuple[Parts, ...]
    steps: tuple[StepItem, ...]
    runs: tuple[RunRow, ...]
    all_runs_url: str
    execute_url: str | None = field(default=None)
    missed: tuple[MissedItem, ...] = ()
    held: HeldRuns | None = None


def workflows_page(session: Session, person: Person, flow: Flow, status: WorkflowStatus | None = None) -> WorkflowsPage:
    """Put together the list of the workflows of a person's homes; archived ones only where `status` asks for them."""
    names = {home.id: home.name for home in session.scalars(select(CareHome))}
    cards = tuple(_card(session, person, flow, each, names) for each in visible(session, person, status))
    active = sum(card.status == WorkflowStatus.ACTIVE for card in cards)
    counted = f"{len(cards)} {status}." if status else f"{active} of {len(cards)} active."
    return WorkflowsPage(
        cards=cards,
        sentence=counted if cards else "",
        tabs=_tabs(status),
        empty=f"No {status} workflows" if status else "",
    )


def _tabs(status: WorkflowStatus | None) -> tuple[dict[str, object], ...]:
    every: dict[str, object] = {"text": "All", "href": url_for("workflows.index"), "current": status is None}
    return (
        every,
        *(
            {"text": each.label, "href": url_for("workflows.index", status=each.value), "current": each is status}
            for each in (WorkflowStatus.ACTIVE, WorkflowStatus.PAUSED, WorkflowStatus.DRAFT, WorkflowStatus.ARCHIVED)
        ),
    )


def _card(session: Session, person: Person, flow: Flow, workflow: Workflow, names: dict[int, str]) -> WorkflowCard:
    document, _ = document_of(session, workflow)
    runs = queries.count(session, person, queries.Filters(workflow_id=workflow.id))
    return WorkflowCard(
        href=url_for("workflows.show_workflow", workflow_id=workflow.id),
        name=workflow.name,
        summary=summary(document, flow.actions, flow.triggers, names_in(session, person, document)),
        status=workflow.status,
        home=names.get(workflow.home_id or 0, "All homes"),
        note=workflow.paused_reason or "",
        runs=counted(runs),
    )


def workflow_page(
    session: Session, person: Person, flow: Flow, workflow: Workflow, *, now: datetime, zone: ZoneInfo
) -> WorkflowPage:
    """Put together the page of one workflow."""
    document, number = document_of(session, workflow)
    rows = queries.executions(session, person, queries.Filters(workflow_id=workflow.id), limit=LATEST_RUNS)
    names = names_in(session, person, document)
    runnable = workflow.status == WorkflowStatus.ACTIVE and can(
        person, "workflow.run", On(home_id=workflow.home_id, staff_id=None)
    )
    return WorkflowPage(
        name=workflow.name,
        summary=summary(document, flow.actions, flow.triggers, names),
        status=workflow.status,
        facts=_facts(session, workflow, number),
        steps=step_items(document.steps, flow, names),
        triggers=tuple(sentence_parts(trigger_sentence(spec, flow.triggers)) for spec in document.triggers),
        runs=run_rows(rows, now=now, zone=zone),
        all_runs_url=url_for("executions.index", workflow=workflow.id),
        execute_url=url_for("workflows.execute", workflow_id=workflow.id) if runnable and manual(document) else None,
        missed=missed_items(session, person, workflow, now=now, zone=zone),
        standing=standing(session, person, workflow, zone=zone),
        held=held_runs(session, person, workflow, limit=flow.parts.gauge.limit),
    )


def manual(document: Document) -> TriggerSpec | None:
    """Answer the trigger by which a person starts the workflow, if it has one."""
    return next((spec for spec in document.triggers if spec.type == "manual"), None)


def _facts(session: Session, workflow: Workflow, number: int) -> tuple[tuple[str, str], ...]:
    home = session.get(CareHome, workflow.home_id) if workflow.home_id else None
    owner = session.get(User, workflow.owner_id)
    return (
        ("Home", home.name if home else "All homes"),
        ("Acts with the rights of", owner.name if owner else "nobody"),
        ("Version", f"{number}" if workflow.current_version else f"{number}, not published yet"),
    )


def step_items(steps: tuple[AnyStep, ...], flow: Flow, names: Names) -> tuple[StepItem, ...]:
    """Draw a list of steps."""
    return tuple(
        StepItem(
            id=step.id,
            sentence=sentence_parts(step_sentence(step, flow.actions, names)),
            kind=_kind(step, flow),
            name=step.name or "",
            off=not step.enabled,
            lanes=_lanes(step, flow, names),
        )
        for step in steps
    )


def _kind(step: AnyStep, flow: Flow) -> str:
    if not isinstance(step, ActionStep):
        return step.type
    action = flow.actions.get(step.action)
    return {"rota": "leave", "people": "message"}.get(action.category if action else "", "action")


def _lanes(step: AnyStep, flow: Flow, names: Names) -> tuple[LaneItem, ...]:
    tones = {"then": "yes", "else": "else"}
    return tuple(
        LaneItem(label=lane.label, steps=step_items(lane.steps, flow, names), tone=tones.get(lane.name, "both"))
        for lane in lists(step)
    )
