"""What the leave pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.engine import queries
from flowapp.rota.homes import home
from flowapp.rota.leave import GRANTED, LeaveRequest, LeaveStatus, requests_with_staff
from flowapp.rota.leave_balance import balance_on
from flowapp.rota.leave_types import LEAVE_TYPES
from flowapp.rota.staff import Staff, member
from flowapp.rota.wording import amount_text
from flowapp.web.filters import When, period, when
from flowapp.web.leave.balance import NOT_CHOSEN, Takes
from flowapp.web.leave.forms import LeaveForm

MOST_ROWS = 50
LATELY = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class LeaveRow:
    """One leave request in a list."""

    href: str
    person: str
    dates: str
    days: str
    type: str
    status: str
    status_word: str
    decided: str
    undecided: str  # what is said where nobody has decided
    asks: str  # what is asked of whoever decides


@dataclass(frozen=True, kw_only=True)
class LeavePage:
    """One's own leave, the form, and what waits for a decision."""

    form: LeaveForm
    nonce: str
    types: tuple[tuple[str, str], ...]
    balance: str | None
    may_ask: bool
    own: tuple[LeaveRow, ...]
    waiting: tuple[LeaveRow, ...]
    ran_out: tuple[LeaveRow, ...]
    may_decide: bool
    takes: Takes = NOT_CHOSEN


@dataclass(frozen=True, kw_only=True)
class RunLink:
    """A run of a workflow that a leave request started."""

    href: str
    workflow: str
    status: str
    reason: str
    when: When


@dataclass(frozen=True, kw_only=True)
class RequestPage:
    """One leave request."""

    title: str
    sentence: str
    status: str
    status_word: str
    facts: tuple[tuple[str, str], ...]
    checks: tuple[dict[str, str], ...]
    runs: tuple[RunLink, ...]
    may_decide: bool
    may_answer: bool  # a wish to give the leave back
    may_take_back: bool
    take_back_word: str
    decide_url: str
    reject_url: str
    cancel_url: str
    keep_url: str
    take_back_url: str
    reason: str = ""
    errors: Mapping[str, str] = ()  # type: ignore[assignment]
    problems: tuple[tuple[str, str], ...] = ()


OPEN_QUESTIONS: Mapping[str, str] = {
    LeaveStatus.REQUESTED: "To have leave",
    LeaveStatus.CANCEL_REQUESTED: "To cancel leave",
}
# What looks like something else: the words beside the sign tell the difference.
PILLS: Mapping[str, str] = {
    LeaveStatus.REQUESTED: "waiting",
    LeaveStatus.CANCEL_REQUESTED: "waiting",
    LeaveStatus.TAKEN: "done",
}


def leave_page(session: Session, person: Person, form: LeaveForm, nonce: str, now: datetime) -> LeavePage:
    """Put together the page of one's own leave."""
    staff = member(session, person.staff_id) if person.staff_id else None
    homes = homes_of(person, "leave.decide")
    own = _rows(session, LeaveRequest.staff_id == person.staff_id) if staff else ()
    others = LeaveRequest.staff_id != (person.staff_id or 0)
    if homes is not None:
        others &= LeaveRequest.home_id.in_(homes)
    ran_out = (LeaveRequest.status == LeaveStatus.EXPIRED) & (LeaveRequest.start_date >= (now - LATELY).date())
    return LeavePage(
        form=form,
        nonce=nonce,
        types=tuple((t.code, t.name) for t in LEAVE_TYPES.values()),
        balance=_balance(session, staff, now) if staff else None,
        may_ask=staff is not None,
        own=own,
        waiting=_rows(session, others, LeaveRequest.status.in_(OPEN_QUESTIONS)),
        ran_out=_rows(session, others, ran_out),
        may_decide=homes is None or bool(homes),
    )


def _balance(session: Session, staff: Staff, now: datetime) -> str:
    found = balance_on(session, staff.id, "ANNUAL", now.date())
    return amount_text(found.hours, "hour") if found else "0 hours"


def _rows(session: Session, *where: object) -> tuple[LeaveRow, ...]:
    query = requests_with_staff().where(*where).limit(MOST_ROWS)  # type: ignore[arg-type]
    return tuple(_row(request, staff) for request, staff in session.execute(query))


def _row(request: LeaveRequest, staff: Staff) -> LeaveRow:
    return LeaveRow(
        href=url_for("leave.show_request", leave_id=request.id),
        person=staff.name,
        dates=_dates(request),
        days=f"{amount_text(request.days, 'day')} ({amount_text(request.hours, 'hour')})",
        type=LEAVE_TYPES[request.type].name,
        status=PILLS.get(request.status, request.status),
        status_word=LeaveStatus(request.status).label,
        decided=request.decided_by or "",
        undecided="Nobody yet" if request.status == LeaveStatus.REQUESTED else "Nobody",
        asks=OPEN_QUESTIONS.get(request.status, ""),
    )


def _dates(request: LeaveRequest) -> str:
    words = period(request.start_date, request.end_date)
    part = {"am": ", morning", "pm": ", afternoon"}
    if request.start_date == request.end_date:
        return words + part.get(str(request.start_part), "")
    return words


def request_page(
    session: Session,
    person: Person,
    request: LeaveRequest,
    checks: tuple[dict[str, str], ...],
    *,
    now: datetime,
    reason: str = "",
    errors: Mapping[str, str] | None = None,
) -> RequestPage:
    """Put together the page of one request."""
    staff = member(session, request.staff_id)
    on = On(home_id=request.home_id, staff_id=request.staff_id)
    own = person.staff_id == request.staff_id
    status, decides = LeaveStatus(request.status), can(person, "leave.decide", on)
    return RequestPage(
        title=f"{'Your' if own else staff.name + '’s'} leave, {_dates(request)}",
        sentence=_sentence(request),
        status=PILLS.get(status, status),
        status_word=status.label,
        facts=_facts(request, staff, can(person, "leave.reason", on)),
        checks=checks,
        runs=_runs(session, person, request, now),
        may_decide=status is LeaveStatus.REQUESTED and decides,
        may_answer=status is LeaveStatus.CANCEL_REQUESTED and decides,
        may_take_back=own and _can_be_taken_back(session, request, now),
        take_back_word=_take_back_word(person, request),
        decide_url=url_for("leave.approve", leave_id=request.id),
        reject_url=url_for("leave.reject", leave_id=request.id),
        cancel_url=url_for("leave.let_cancel", leave_id=request.id),
        keep_url=url_for("leave.keep", leave_id=request.id),
        take_back_url=url_for("leave.take_back", leave_id=request.id),
        reason=reason,
        errors=errors or {},
        problems=tuple((errors or {}).items()),
    )


def _can_be_taken_back(session: Session, request: LeaveRequest, now: datetime) -> bool:
    if request.status == LeaveStatus.APPROVED:
        return request.start_date > now.astimezone(home(session, request.home_id).zone).date()
    return request.status == LeaveStatus.REQUESTED


def _take_back_word(person: Person, request: LeaveRequest) -> str:
    if request.status == LeaveStatus.REQUESTED:
        return "Withdraw this request"
    at_once = can(person, "leave.decide", On(home_id=request.home_id))
    return "Cancel this leave" if at_once else "Ask to cancel this leave"


def _sentence(request: LeaveRequest) -> str:
    if request.status in _SENTENCES:
        return _SENTENCES[request.status]
    granted = request.status in (*GRANTED, LeaveStatus.CANCELLED)
    word = (LeaveStatus.APPROVED if granted else LeaveStatus(request.status)).label
    by = f" by {request.decided_by}" if request.decided_by else ""
    because = f": {request.decision_reason}" if request.decision_reason else ""
    since = _SINCE.get(request.status, "")
    if not because or (since and not because.endswith((".", "!", "?"))):
        because += "."
    return f"{word}{by}{because}{since}"


_SENTENCES: Mapping[str, str] = {
    LeaveStatus.REQUESTED: "Nobody has decided yet.",
    LeaveStatus.EXPIRED: "Ran out undecided: its first day came before anybody decided.",
}
_SINCE: Mapping[str, str] = {
    LeaveStatus.CANCEL_REQUESTED: " Now it is asked to be cancelled; it stays approved until somebody answers.",
    LeaveStatus.TAKEN: " It is over.",
    LeaveStatus.CANCELLED: " Later it was cancelled.",
}


def _facts(request: LeaveRequest, staff: Staff, with_reason: bool) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Who", staff.name),
        ("Type", LEAVE_TYPES[request.type].name),
        ("Dates", _dates(request)),
        ("Takes", f"{amount_text(request.days, 'day')}, {amount_text(request.hours, 'hour')}"),
    ]
    if with_reason and request.reason:
        facts.append(("Reason given", request.reason))
    return tuple(facts)


def _runs(session: Session, person: Person, request: LeaveRequest, now: datetime) -> tuple[RunLink, ...]:
    zone = home(session, request.home_id).zone
    return tuple(
        RunLink(
            href=url_for("executions.show_execution", execution_id=row.execution.id),
            workflow=row.workflow_name,
            status=row.execution.status,
            reason=row.reason or "",
            when=when(row.execution.created_at, now=now, zone=zone),
        )
        for row in queries.about(session, person, "leave_request", request.id)
    )
