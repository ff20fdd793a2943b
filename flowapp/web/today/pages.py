"""What the first page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import Person
from flowapp.engine import queries
from flowapp.engine.entry.flood import waiting_for_answers
from flowapp.engine.operating.presence import last_away
from flowapp.messaging.in_app import unread_count
from flowapp.rota.absence.absence import Absence, AbsenceStatus
from flowapp.rota.absence.reading import stands_like
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.tasks.reading import waiting_for
from flowapp.rota.timesheets.timesheet import Timesheet, TimesheetStatus
from flowapp.web.executions.counted import counted
from flowapp.web.executions.rows import RunRow, run_rows
from flowapp.web.filters import long_day, plural
from flowapp.web.timesheets.clock import Clock, clock_of
from flowapp.web.timesheets.tabs import count_waiting

LATEST_RUNS = 5


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something that needs the reader."""

    title: str
    sentence: str
    href: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class TodayPage:
    """The first page."""

    sentence: str
    action: Mapping[str, str] | None  # what people come here to do; none for whoever has no shifts
    away: str  # when the engine was away; empty where there is nothing to tell
    clock: Clock | None  # what one can clock in to or out of now
    needs: tuple[Need, ...]
    runs: tuple[RunRow, ...]


def today_page(session: Session, person: Person, *, now: datetime, zone: ZoneInfo) -> TodayPage:
    """Put together the first page."""
    needs = (
        _to_decide(session, person),
        _to_cancel(session, person),
        _tasks(session, person, now.astimezone(zone).date()),
        _hours_to_approve(session, person),
        _hours_queried(session, person),
        _failed(session, person),
        _held(session, person),
        _off_sick(session, person),
        _talks_due(session, person),
        _unread(session, person),
    )
    rows = queries.executions(session, person, queries.Filters(), limit=LATEST_RUNS)
    return TodayPage(
        sentence=f"{long_day(now.astimezone(zone).date())}.",
        action=_action(person),
        away=_away(session, person, now=now, zone=zone),
        clock=clock_of(session, person, now),
        needs=tuple(each for each in needs if each),
        runs=run_rows(rows, now=now, zone=zone),
    )


def _action(person: Person) -> Mapping[str, str] | None:
    """Offer what is often done in a hurry: reporting somebody off, or saying when one can work."""
    if can(person, "absence.record"):
        return {"text": "Report somebody off", "href": url_for("absences.report_form"), "icon": "calendar-off"}
    if person.staff_id is not None:
        return {"text": "When can you work?", "href": url_for("availability.index"), "icon": "calendar-days"}
    return None


def _away(session: Session, person: Person, *, now: datetime, zone: ZoneInfo) -> str:
    """Say to whoever looks after runs when FlowApp was away, on the day on which it came back."""
    homes = homes_of(person, "execution.manage")
    here = now.astimezone(zone)
    found = last_away(session, here.replace(hour=0, minute=0, second=0, microsecond=0))
    if found is None or homes == frozenset():
        return ""
    began, ended = found.began_at.astimezone(zone), found.ended_at.astimezone(zone)
    since = f"{began:%H:%M}" if began.date() == ended.date() else f"{began:%H:%M} on {long_day(began.date())}"
    what = plural(found.fell_due, "thing")
    done = f" {what} that fell due in it {'was' if found.fell_due == 1 else 'were'} taken up at {ended:%H:%M}."
    told = done if found.fell_due else " Nothing fell due in it."
    return f"FlowApp was not running from {since} to {ended:%H:%M}.{told}"


def _off_sick(session: Session, person: Person) -> Need | None:
    count = _absences(session, person, AbsenceStatus.AWAY, "absence.record")
    if not count:
        return None
    title = f"{plural(count, 'person', 'people')} off sick"
    sentence = "See which of their shifts need somebody else, and note when they are back."
    return Need(title=title, sentence=sentence, href=url_for("absences.index"), tone="info")


def _talks_due(session: Session, person: Person) -> Need | None:
    count = _absences(session, person, AbsenceStatus.TALK_DUE, "absence.talk")
    if not count:
        return None
    title = f"{plural(count, 'talk')} after sickness due"
    sentence = "They are back, and get no shift until somebody has talked with them."
    return Need(title=title, sentence=sentence, href=url_for("absences.index", _anchor="talks"), tone="wait")


def _absences(session: Session, person: Person, status: AbsenceStatus, permission: str) -> int:
    """Count the absences of others that stand like this where the reader may do something about them."""
    homes = homes_of(person, permission)
    query = select(func.count()).where(stands_like(status), Absence.staff_id != (person.staff_id or 0))
    return session.scalar(query if homes is None else query.where(Absence.home_id.in_(homes))) or 0


def _to_decide(session: Session, person: Person) -> Need | None:
    count = _leave(session, person, LeaveStatus.REQUESTED)
    if not count:
        return None
    title = f"{plural(count, 'leave request')} to decide"
    return Need(title=title, sentence="No workflow has decided.", href=url_for("leave.index"), tone="wait")


def _to_cancel(session: Session, person: Person) -> Need | None:
    count = _leave(session, person, LeaveStatus.CANCEL_REQUESTED)
    if not count:
        return None
    title = f"{plural(count, 'wish', 'wishes')} to cancel leave"
    sentence = "The leave stays approved until you answer."
    return Need(title=title, sentence=sentence, href=url_for("leave.index"), tone="wait")


def _leave(session: Session, person: Person, status: LeaveStatus) -> int:
    """Count the leave of others that stands like this where the reader decides."""
    homes = homes_of(person, "leave.decide")
    query = select(func.count()).where(LeaveRequest.status == status, LeaveRequest.staff_id != (person.staff_id or 0))
    return session.scalar(query if homes is None else query.where(LeaveRequest.home_id.in_(homes))) or 0


def _tasks(session: Session, person: Person, today: date) -> Need | None:
    found = waiting_for(session, person, today)
    count = found.mine + found.in_queue
    if not count:
        return None
    late = f" {found.overdue} {'is' if found.overdue == 1 else 'are'} overdue." if found.overdue else ""
    return Need(
        title=f"{plural(count, 'task')} that {'waits' if count == 1 else 'wait'} for you",
        sentence=f"{plural(found.mine, 'is', 'are')} yours, {found.in_queue} in your queue.{late}",
        href=url_for("tasks.index", tab=None if found.mine else "queue"),
        tone="bad" if found.overdue else "wait",
    )


def _hours_to_approve(session: Session, person: Person) -> Need | None:
    count = count_waiting(session, person)
    if not count:
        return None
    title = f"{plural(count, 'timesheet')} to approve"
    return Need(title=title, sentence="Hours that people handed in.", href=url_for("timesheets.waiting"), tone="wait")


def _hours_queried(session: Session, person: Person) -> Need | None:
    queried = (Timesheet.status == TimesheetStatus.QUERIED, Timesheet.staff_id == (person.staff_id or 0))
    count = session.scalar(select(func.count()).select_from(Timesheet).where(*queried)) or 0
    if not count:
        return None
    title = f"{plural(count, 'question')} about your hours"
    return Need(title=title, sentence="Answer, then hand them in again.", href=url_for("timesheets.index"), tone="wait")


def _failed(session: Session, person: Person) -> Need | None:
    homes = homes_of(person, "execution.manage")
    count = queries.count_attention(session, person) if homes is None or homes else 0
    if not count:
        return None
    title = f"{counted(count)} {'needs' if count == 1 else 'need'} attention"
    href = url_for("executions.index", status="attention")
    return Need(
        title=title,
        sentence="See at which step, and why; then retry it, skip the step, or give the run up.",
        href=href,
        tone="bad",
    )


def _held(session: Session, person: Person) -> Need | None:
    found = waiting_for_answers(session, homes_of(person, "workflow.run"))
    if not found:
        return None
    one = url_for("workflows.show_workflow", workflow_id=found[0])
    return Need(
        title=f"{plural(len(found), 'workflow')} with held runs",
        sentence="Too many were about to start at once. Say whether they shall start.",
        href=one if len(found) == 1 else url_for("workflows.index"),
        tone="wait",
    )


def _unread(session: Session, person: Person) -> Need | None:
    count = unread_count(session, person.user_id)
    if not count:
        return None
    title = plural(count, "new notification")
    return Need(
        title=title,
        sentence="Workflows told you something.",
        href=url_for("notifications.index"),
        tone="info",
    )
