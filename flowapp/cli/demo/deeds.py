"""What the people of the demo do: they ask for leave, decide on it, and take it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from flowapp.cli.demo.accounts import REGIONAL, Written, as_somebody
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.history import Requests, Step
from flowapp.cli.demo.people import Colleague
from flowapp.cli.demo.wishes import Outcome, Wish
from flowapp.messaging.in_app import mark_all_read, notify
from flowapp.rota import leave_decisions, leave_giving_back
from flowapp.rota.leave import LeaveStatus, leave_request
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_closing import close_leave, due_leave
from flowapp.rota.staff import JobRole

ANNUAL = "ANNUAL"
MIDNIGHT = time()
ANSWERED_AFTER = timedelta(minutes=50)  # whoever asks to give leave back has an answer the same evening


def steps_of(wishes: Sequence[Wish], people: Sequence[Colleague], written: Written) -> Iterator[Step]:
    """Go through everything that is done about these wishes, in no order."""
    managers = {who.home: who.email for who in people if who.role is JobRole.MANAGER}
    for number, wish in enumerate(wishes):
        name = f"{wish.who.number}.{number}"
        yield _asking(wish, name, written)
        # Nobody decides their own leave.
        decider = written.accounts[REGIONAL if wish.who.role is JobRole.MANAGER else managers[wish.who.home]]
        if wish.decided_at is not None:
            yield _deciding(wish, wish.decided_at, name, decider)
        if wish.taken_back_at is not None:
            yield _taking_back(wish, wish.taken_back_at, name, written.accounts[wish.who.email])
            yield _answering(wish.taken_back_at + ANSWERED_AFTER, name, decider)


def closing(days: Days) -> Iterator[Step]:
    """Let each day begin, as the scheduler does: leave that is over is taken, what nobody decided runs out."""

    def close(session: Session, at: datetime, _requests: Requests) -> None:
        for leave_id in due_leave(session, at):
            close_leave(session, leave_id, at, tell=notify)

    for ago in range(7 * days.weeks):
        yield Step(at=days.at(days.ago(ago), MIDNIGHT), do=close)


def reading(user_id: int, at: datetime) -> Step:
    """Let somebody read everything they were told."""

    def read(session: Session, at: datetime, _requests: Requests) -> None:
        mark_all_read(session, user_id, at)

    return Step(at=at, do=read)


def _asking(wish: Wish, name: str, written: Written) -> Step:
    def ask(session: Session, at: datetime, _requests: Requests) -> int:
        _, cause = as_somebody(session, written.accounts[wish.who.email], at)
        staff_id = written.staff[wish.who.number]
        return request_leave(
            session, cause, staff_id=staff_id, type_code=ANNUAL, period=wish.period, reason=wish.reason
        )

    return Step(at=wish.asked_at, do=ask, name=name)


def _deciding(wish: Wish, at: datetime, name: str, decider: int) -> Step:
    def decide(session: Session, at: datetime, requests: Requests) -> None:
        who, cause = as_somebody(session, decider, at)
        mark_all_read(session, decider, at)
        if not _stands(session, requests.get(name), LeaveStatus.REQUESTED):
            return
        if wish.outcome is Outcome.REJECTED:
            leave_decisions.reject(session, cause, who, requests[name], reason=wish.decision)
        else:
            leave_decisions.approve(session, cause, who, requests[name], reason=wish.decision)

    return Step(at=at, do=decide)


def _taking_back(wish: Wish, at: datetime, name: str, asker: int) -> Step:
    def take_back(session: Session, at: datetime, requests: Requests) -> None:
        who, cause = as_somebody(session, asker, at)
        if name in requests:
            leave_decisions.take_back(session, cause, who, requests[name], reason=wish.taken_back)

    return Step(at=at, do=take_back)


def _answering(at: datetime, name: str, decider: int) -> Step:
    def let_cancel(session: Session, at: datetime, requests: Requests) -> None:
        who, cause = as_somebody(session, decider, at)
        if _stands(session, requests.get(name), LeaveStatus.CANCEL_REQUESTED):
            leave_giving_back.let_cancel(session, cause, who, requests[name], tell=notify)

    return Step(at=at, do=let_cancel)


def _stands(session: Session, request_id: int | None, status: LeaveStatus) -> bool:
    return request_id is not None and leave_request(session, request_id).status == status
