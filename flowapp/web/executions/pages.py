"""What the pages about runs show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine import queries
from flowapp.engine.execution import LIVE, ExecutionStatus
from flowapp.web.executions.counted import counted
from flowapp.web.executions.facts import known_facts
from flowapp.web.executions.rows import RunRow, run_rows
from flowapp.web.executions.story import StoryItem, story
from flowapp.web.filters import When, duration, when
from flowapp.workflows.visible import visible

PER_PAGE = 50
WORDS = {
    ExecutionStatus.PENDING: "Has not begun yet.",
    ExecutionStatus.RUNNING: "Is at work.",
    ExecutionStatus.WAITING: "Waits.",
    ExecutionStatus.COMPLETED: "Came to its end.",
    ExecutionStatus.FAILED: "Stopped, because a step could not do its work.",
    ExecutionStatus.CANCELLED: "Was ended before its end.",
}
STATUSES = (
    ("", "Any status"),
    ("completed", "Completed"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
    ("running", "Running"),
    ("waiting", "Waiting"),
    ("pending", "Not begun"),
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
    context: tuple[tuple[str, str], ...]
    error: str | None


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
        "status": filters.status,
        "q": filters.text or None,
    }
    older = (
        url_for("executions.index", **chosen, before=rows[PER_PAGE - 1].execution.id) if len(rows) > PER_PAGE else ""
    )
    workflows = tuple((str(each.id), each.name) for each in visible(session, person))
    return RunsPage(
        runs=run_rows(rows[:PER_PAGE], now=now, zone=zone),
        sentence=f"{counted(total)}.",
        filters_url=url_for("executions.index"),
        statuses=STATUSES,
        workflows=(("", "Any workflow"), *workflows),
        status=filters.status or "",
        workflow=str(filters.workflow_id or ""),
        text=filters.text,
        applied=sum(value is not None for value in chosen.values()),
        older_url=older,
        newest_url=url_for("executions.index", **chosen) if before else "",
    )


def run_page(
    session: Session, person: Person, flow: Flow, execution_id: int, *, now: datetime, zone: ZoneInfo
) -> RunPage:
    """Put together the story of one run; raises NotFound also when the person may not see it."""
    found = queries.detail(session, person, execution_id)
    execution = found.execution
    status = ExecutionStatus(execution.status)
    moment = when(execution.created_at, now=now, zone=zone)
    return RunPage(
        title=found.workflow_name,
        sentence=found.reason or WORDS[status],
        status=status,
        when=moment,
        facts=_facts(found, zone),
        story=story(found, flow, now=now, zone=zone),
        trigger=_trigger(found, flow),
        live_url=url_for("executions.live", execution_id=execution_id),
        is_live=status in LIVE,
        workflow_url=url_for("workflows.show_workflow", workflow_id=execution.workflow_id),
        about_url=_about_url(found),
        context=() if found.masked else known_facts(execution.context),
        error=found.reason if status is ExecutionStatus.FAILED else None,
    )


def _facts(found: queries.ExecutionDetail, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    execution = found.execution
    facts = [
        ("Number", str(execution.id)),
        ("Version", str(found.version)),
        ("Started by", "a colleague" if found.masked else execution.started_by),
    ]
    if found.duration is not None:
        facts.append(("Took", duration(found.duration)))
    return tuple(facts)


def _trigger(found: queries.ExecutionDetail, flow: Flow) -> str:
    spec = next((each for each in found.document.triggers if each.id == found.execution.trigger_id), None)
    if spec is None:
        return "Started by hand"
    trigger = flow.triggers[spec.type]
    return trigger.sentence(trigger.Fields.model_validate(spec.fields))


def _about_url(found: queries.ExecutionDetail) -> str | None:
    execution = found.execution
    if execution.subject_type == "leave_request" and not found.masked:
        return url_for("leave.show_request", leave_id=execution.subject_id)
    return None
