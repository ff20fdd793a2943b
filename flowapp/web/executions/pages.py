"""What the pages about runs show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.bootstrap import Flow
from flowapp.engine import queries
from flowapp.engine.children.family import Relative, children_of, parent_of
from flowapp.engine.execution import LIVE, ExecutionStatus
from flowapp.engine.undoing.undo_view import undo_view
from flowapp.web.executions.counted import counted
from flowapp.web.executions.facts import known_facts
from flowapp.web.executions.hands import Hands, hands
from flowapp.web.executions.rows import RunRow, run_rows
from flowapp.web.executions.story import StoryItem, story
from flowapp.web.executions.undoing import Undone, undone
from flowapp.web.executions.waits import waits_words
from flowapp.web.filters import When, duration, ended, when
from flowapp.workflows.called import names_in
from flowapp.workflows.visible import visible
from flowapp.workflows.workflow import Workflow, WorkflowStatus

PER_PAGE = 50
WORDS = {
    ExecutionStatus.PENDING: "Has not begun yet.",
    ExecutionStatus.RUNNING: "Is at work.",
    ExecutionStatus.WAITING: "Waits.",
    ExecutionStatus.COMPLETED: "Came to its end.",
    ExecutionStatus.FAILED: "Stopped before its end.",
    ExecutionStatus.CANCELLED: "Was ended before its end.",
}
STATUSES = (
    ("", "Any status"),
    ("attention", "Needs attention"),
    ("completed", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
    ("running", "Running"),
    ("waiting", "Waiting"),
    ("pending", "To start"),
)


@dataclass(frozen=True, kw_only=True)
class RunsPage:
    """The list of runs."""

    runs: tuple[RunRow, ...]
    sentence: str
    filters_url: str
    statuses: tuple[tuple[str, str], ...]
    workflows: tuple[tuple[str, str], ...]
    status: str
    workflow: str
    text: str
    applied: int
    older_url: str
    newest_url: str


@dataclass(frozen=True, kw_only=True)
class RunPage:
    """The story of one run."""

    title: str
    sentence: str
    status: str
    facts: tuple[tuple[str, str], ...]
    when: When
    story: tuple[StoryItem, ...]
    trigger: str
    live_url: str
    is_live: bool
    workflow_url: str
    about_url: str | None
    parent: tuple[str, str] | None  # words for the run that started it, and its address
    context: tuple[tuple[str, str], ...]
    error: str | None
    undo_url: str | None
    undone: Undone | None
    hands: Hands | None
    links: tuple[tuple[str, str], ...]  # to the runs that this one does again, or that do it again
    problem: str = ""


def runs_page(
    session: Session,
    person: Person,
    filters: queries.Filters,
    *,
    before: int | None,
    now: datetime,
    zone: ZoneInfo,
) -> RunsPage:
    """Put together the list of runs."""
    rows = queries.executions(session, person, filters, limit=PER_PAGE + 1, before=before)
    whole = before is None and len(rows) <= PER_PAGE
    total = len(rows) if whole else queries.count(session, person, filters)
    chosen: dict[str, Any] = {
        "workflow": filters.workflow_id,
        "status": "attention" if filters.attention else filters.status,
        "q": filters.text or None,
    }
    older = (
        url_for("executions.index", **chosen, before=rows[PER_PAGE - 1].execution.id) if len(rows) > PER_PAGE else ""
    )
    workflows = tuple((str(each.id), each.name) for each in _choices(session, person, filters.workflow_id))
    return RunsPage(
        runs=run_rows(rows[:PER_PAGE], now=now, zone=zone),
        sentence=f"{counted(total)}.",
        filters_url=url_for("executions.index"),
        statuses=STATUSES,
        workflows=(("", "Any workflow"), *workflows),
        status=chosen["status"] or "",
        workflow=str(filters.workflow_id or ""),
        text=filters.text,
        applied=sum(value is not None for value in chosen.values()),
        older_url=older,
        newest_url=url_for("executions.index", **chosen) if before else "",
    )


def _choices(session: Session, person: Person, chosen: int | None) -> list[Workflow]:
    """Answer the workflows that may be chosen; an archived one only while it is chosen."""
    found = visible(session, person)
    if chosen is not None and chosen not in {each.id for each in found}:
        found += [each for each in visible(session, person, WorkflowStatus.ARCHIVED) if each.id == chosen]
    return found


def run_page(
    session: Session,
    person: Person,
    flow: Flow,
    execution_id: int,
    *,
    now: datetime,
    zone: ZoneInfo,
    problem: str = "",
) -> RunPage:
    """Put together the story of one run; raises NotFound also when the person may not see it."""
    found = queries.detail(session, person, execution_id)
    execution = found.execution
    status = ExecutionStatus(execution.status)
    may_step_in = can(person, "execution.manage", On(home_id=execution.home_id))
    children = children_of(session, person, execution_id)
    names = names_in(session, person, found.document)
    undoing = undo_view(session, found, flow.actions)
    may_undo = undoing.possible and may_step_in
    return RunPage(
        title=found.workflow_name,
        sentence=f"{_sentence(found, status, zone)}{'' if may_step_in else _who_can(found)}",
        status=status,
        when=when(execution.created_at, now=now, zone=zone),
        facts=_facts(found, zone),
        story=story(found, flow, now=now, zone=zone, names=names, children=children),
        trigger=_trigger(found, flow),
        parent=_parent(parent_of(session, person, execution)),
        live_url=url_for("executions.live", execution_id=execution_id),
        is_live=status in LIVE,
        workflow_url=url_for("workflows.show_workflow", workflow_id=execution.workflow_id),
        about_url=_about_url(found),
        context=() if found.masked else known_facts(execution.context),
        error=ended(found.reason) if found.reason and status is ExecutionStatus.FAILED else None,
        undo_url=url_for("executions.undo_preview", execution_id=execution_id) if may_undo else None,
        undone=undone(undoing, now=now, zone=zone),
        hands=hands(session, person, flow, found, names),
        links=tuple(_links(found)),
        problem=problem,
    )


def _sentence(found: queries.ExecutionDetail, status: ExecutionStatus, zone: ZoneInfo) -> str:
    """Say how a run stands; why it failed is told in a notice."""
    if found.reason and status is not ExecutionStatus.FAILED:
        return ended(found.reason)
    return (waits_words(found.steps, zone) if status is ExecutionStatus.WAITING else "") or WORDS[status]


def _who_can(found: queries.ExecutionDetail) -> str:
    """Say who takes a failed run up again, to whoever cannot."""
    failed = found.execution.status == ExecutionStatus.FAILED and found.execution.given_up_at is None
    return " A manager can take it up again." if failed else ""


def _facts(found: queries.ExecutionDetail, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    execution = found.execution
    facts = [
        ("Number", str(execution.id)),
        ("Version", str(found.version)),
        ("Started by", "a colleague" if found.masked else execution.started_by),
    ]
    if execution.given_up_at is not None:
        facts.append(("Dealt with by", "a colleague" if found.masked else str(execution.given_up_by)))
    if found.duration is not None and execution.started_at is not None:
        facts.append(("Took", duration(found.duration)))
    return tuple(facts)


def _links(found: queries.ExecutionDetail) -> Iterator[tuple[str, str]]:
    if found.execution.retry_of is not None:
        yield f"The run before: {found.execution.retry_of}", _address(found.execution.retry_of)
    if found.retried_as is not None:
        yield f"Retried as run {found.retried_as}", _address(found.retried_as)


def _address(execution_id: int) -> str:
    return url_for("executions.show_execution", execution_id=execution_id)


def _trigger(found: queries.ExecutionDetail, flow: Flow) -> str:
    if found.execution.parent_id is not None:
        return "Started by a step of another run"
    spec = next((each for each in found.document.triggers if each.id == found.execution.trigger_id), None)
    if spec is None:
        return "Started by hand"
    trigger = flow.triggers[spec.type]
    return trigger.sentence(trigger.Fields.model_validate(spec.fields))


def _parent(parent: Relative | None) -> tuple[str, str] | None:
    if parent is None:
        return None
    words = f"Started by “{parent.workflow_name}”, run {parent.execution_id}"
    return words, url_for("executions.show_execution", execution_id=parent.execution_id)


def _about_url(found: queries.ExecutionDetail) -> str | None:
    execution = found.execution
    if execution.subject_type == "leave_request" and not found.masked:
        return url_for("leave.show_request", leave_id=execution.subject_id)
    return None
