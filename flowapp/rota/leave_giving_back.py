"""Giving approved leave back: at once by whoever decides on leave, else asked for and answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import person_of_staff
from flowapp.events.cause import Cause
from flowapp.events.leave import LeaveCancelled, LeaveCancelRequested
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.rota.homes import home
from flowapp.rota.leave import LeaveStatus, OpenRequest, request_as_it_is
from flowapp.rota.leave_balance import LedgerKind, taken_by
from flowapp.rota.leave_writing import enter, gathered_for, move, note, tell_asked, tell_decided
from flowapp.rota.reasons import read_reason
from flowapp.rota.wording import span_text


class Tell(Protocol):
    """How people are told inside FlowApp; it lies beside the rota and is passed in."""

    def __call__(
        self,
        session: Session,
        cause: Cause,
        user_ids: Iterable[int],
        *,
        title: str,
        message: str,
        link: str | None = None,
        care_home_id: int | None = None,
    ) -> object:
        """Tell each of these people once."""


def give_back(
    session: Session, cause: Cause, who: Person, request: OpenRequest, *, reason: str, tell: Tell | None
) -> LeaveStatus:
    """Cancel approved leave at once if `who` decides on leave in this home, else ask for it.

    Answers where the leave stands now. It counts as approved until it is cancelled. Raises Conflict when it has
    begun, or was asked for already.
    """
    _refuse_what_has_begun(session, request, cause.at)
    if can(who, "leave.decide", On(home_id=request.home_id)):
        _cancel(session, cause, request, reason)
        if tell is not None and who.staff_id != request.staff_id:
            _tell_cancelled(session, cause, request, tell, reason)
        return LeaveStatus.CANCELLED
    if request.status == LeaveStatus.CANCEL_REQUESTED:
        raise Conflict("It is asked already whether this leave can be cancelled. Wait for your manager’s answer.")
    gathered = gathered_for(session, request, cause.at)
    move(session, request, LeaveStatus.CANCEL_REQUESTED)
    note(session, cause, request, LeaveStatus.CANCEL_REQUESTED, reason)
    tell_asked(session, cause, request, gathered, LeaveCancelRequested, LeaveStatus.CANCEL_REQUESTED)
    return LeaveStatus.CANCEL_REQUESTED


def let_cancel(session: Session, cause: Cause, who: Person, request_id: int, *, tell: Tell, reason: str = "") -> None:
    """Let somebody cancel the leave they asked to give back: the hours return, and they are told.

    Raises NotFound or NotAllowed when `who` may not decide it, Conflict when nobody asks any more or it has begun.
    """
    reason = read_reason(reason)
    request = _asked_back(session, who, request_id)
    _refuse_what_has_begun(session, request, cause.at)
    _cancel(session, cause, request, reason)
    _tell_cancelled(session, cause, request, tell, reason)


def keep(session: Session, cause: Cause, who: Person, request_id: int, *, tell: Tell, reason: str) -> None:
    """Let approved leave stand though somebody asked to give it back; they read the reason. Raises as `let_cancel`."""
    reason = read_reason(reason)
    if not reason:
        message = "Say why the leave is kept; the person will read it."
        raise Refused([Problem(path="reason", code="missing", message=message)])
    request = _asked_back(session, who, request_id)
    stay(session, cause, request, tell=tell, because=f"{cause.actor.name} could not cancel it", reason=reason)


def stay(session: Session, cause: Cause, request: OpenRequest, *, tell: Tell, because: str, reason: str = "") -> None:
    """Put leave that was asked back to where it stood before, and tell the person why."""
    move(session, request, LeaveStatus.APPROVED)
    note(session, cause, request, LeaveStatus.APPROVED, reason, action="leave.kept")
    message = f"You asked to give your leave {_days(request)} back. {because}, so it stays approved."
    _tell_person(session, cause, request, tell, "Your leave stays approved", message, reason)


def _asked_back(session: Session, who: Person, request_id: int) -> OpenRequest:
    request = request_as_it_is(session, request_id)
    require(who, "leave.decide", On(home_id=request.home_id, staff_id=request.staff_id))
    if request.status != LeaveStatus.CANCEL_REQUESTED:
        raise Conflict("Nobody asks to cancel this leave any more. Nothing was changed.")
    return request


def _refuse_what_has_begun(session: Session, request: OpenRequest, at: datetime) -> None:
    if request.start_date <= at.astimezone(home(session, request.home_id).zone).date():
        raise Conflict("This leave has begun. Ask your manager to change it.")


def _cancel(session: Session, cause: Cause, request: OpenRequest, reason: str) -> None:
    gathered = gathered_for(session, request, cause.at)
    move(session, request, LeaveStatus.CANCELLED)
    for entitlement_id, hours in taken_by(session, request.id):
        enter(session, cause, request, entitlement_id, LedgerKind.REFUND, -hours)
    tell_decided(session, cause, request, gathered, LeaveCancelled, LeaveStatus.CANCELLED, reason)


def _days(request: OpenRequest) -> str:
    return span_text(request.start_date, request.end_date)


def _tell_cancelled(session: Session, cause: Cause, request: OpenRequest, tell: Tell, reason: str) -> None:
    asked = ", as you asked" if request.status == LeaveStatus.CANCEL_REQUESTED else ""
    message = f"{cause.actor.name} has cancelled your leave {_days(request)}{asked}. You have its hours again."
    _tell_person(session, cause, request, tell, "Your leave is cancelled", message, reason)


def _tell_person(
    session: Session, cause: Cause, request: OpenRequest, tell: Tell, title: str, message: str, reason: str
) -> None:
    person = person_of_staff(session, request.staff_id)
    if person is None:
        return
    words = f"{message} The reason: {reason}" if reason else message
    link = f"/leave/{request.id}/"
    tell(session, cause, [person.user_id], title=title, message=words, link=link, care_home_id=request.home_id)
