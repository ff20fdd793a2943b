"""Taking a decision on leave back: the request waits again, as if nobody had decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import person_of_staff
from flowapp.events.cause import Cause
from flowapp.events.leave import LeaveReopened
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.kernel.prepared import Prepared
from flowapp.rota.homes import home
from flowapp.rota.leave import LeaveRequest, LeaveStatus, OpenRequest, live_periods, request_as_it_is
from flowapp.rota.leave_balance import LedgerKind, taken_by
from flowapp.rota.leave_days import overlap
from flowapp.rota.leave_giving_back import Tell
from flowapp.rota.leave_writing import enter, gathered_for, note, tell_asked
from flowapp.rota.staff import Staff
from flowapp.rota.wording import span_text

_AS_ASKED: Prepared[Any] = Prepared(
    select(
        LeaveRequest.version, LeaveRequest.days, LeaveRequest.hours, LeaveRequest.per_day, LeaveRequest.checks
    ).where(LeaveRequest.id == bindparam("leave_request_id"))
)
_REOPEN: Prepared[Any] = Prepared(
    update(LeaveRequest)
    .where(LeaveRequest.id == bindparam("row_id"), LeaveRequest.version == bindparam("seen"))
    .values(
        status=LeaveStatus.REQUESTED,
        version=LeaveRequest.version + 1,
        decided_by=None,
        decided_by_id=None,
        decided_at=None,
        decision_execution_id=None,
        decision_reason=None,
        checks=bindparam("found"),
        days=bindparam("days_then"),
        hours=bindparam("hours_then"),
        per_day=bindparam("per_day_then"),
    )
)


def before_deciding(session: Session, request_id: int) -> dict[str, Any]:
    """Answer what must be remembered of a request to reopen it once it is decided: plain data.

    `version` is the one that deciding it will leave. Raises NotFound.
    """
    found = _AS_ASKED.first(session, leave_request_id=request_id)
    if found is None:
        raise NotFound
    version, days, hours, per_day, checks = found
    facts = {"days": days, "hours": hours, "per_day": per_day, "checks": checks}
    return {"leave_request_id": request_id, "version": version + 1, **facts}


def reopen(session: Session, cause: Cause, who: Person, before: Mapping[str, Any], *, tell: Tell) -> str:
    """Let a request wait for a decision again, give its hours back, and say so in a sentence.

    `before` is what `before_deciding` answered. Raises NotFound or NotAllowed when `who` may not decide on it,
    Conflict, which names the leave, when it was changed since, has begun, or other leave takes its days.
    """
    request = request_as_it_is(session, before["leave_request_id"])
    require(who, "leave.decide", On(home_id=request.home_id, staff_id=request.staff_id))
    name = _name(session, request)
    _refuse_what_is_different(session, cause, request, before, name)
    changed = _REOPEN.run(
        session,
        row_id=request.id,
        seen=request.version,
        found=before["checks"],
        days_then=before["days"],
        hours_then=before["hours"],
        per_day_then=before["per_day"],
    )
    if changed != 1:
        raise Conflict
    for entitlement_id, hours in taken_by(session, request.id):
        enter(session, cause, request, entitlement_id, LedgerKind.REFUND, -hours)
    note(session, cause, request, LeaveStatus.REQUESTED, action="leave.reopened")
    gathered = gathered_for(session, request, cause.at)
    tell_asked(session, cause, request, gathered, LeaveReopened, LeaveStatus.REQUESTED)
    _tell_person(session, cause, request, tell)
    return f"{name} waits for a decision again."


def _name(session: Session, request: OpenRequest) -> str:
    person = session.get(Staff, request.staff_id)
    whose = f"{person.name}’s" if person else "The"
    return f"{whose} leave {span_text(request.start_date, request.end_date)}"


def _refuse_what_is_different(
    session: Session, cause: Cause, request: OpenRequest, before: Mapping[str, Any], name: str
) -> None:
    if request.version != before["version"]:
        raise Conflict(f"{name} was changed since: it is now “{request.status.label}”. Open it and decide there.")
    if request.start_date <= cause.at.astimezone(home(session, request.home_id).zone).date():
        raise Conflict(f"{name} has begun, so its decision stands. Ask the manager to change it.")
    others = live_periods(session, request.staff_id, start=request.start_date, end=request.end_date)
    if any(other.id != request.id and overlap(other.period, request.period) for other in others):
        raise Conflict(f"{name} cannot be asked for again: other leave has been asked for on these days since.")


def _tell_person(session: Session, cause: Cause, request: OpenRequest, tell: Tell) -> None:
    person = person_of_staff(session, request.staff_id)
    if person is None:
        return
    was = "approved" if request.status == LeaveStatus.APPROVED else "turned down"
    days = span_text(request.start_date, request.end_date)
    message = f"Your leave {days} was {was} by a workflow. That was taken back, so it waits for a decision again."
    title, link = "Your leave waits for a decision again", f"/leave/{request.id}/"
    tell(session, cause, [person.user_id], title=title, message=message, link=link, care_home_id=request.home_id)
