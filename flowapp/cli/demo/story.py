"""What certain people of the demo do, so that there is something to show: Anna waits, Dan changes his mind.

Strathallow's “Old reminder” tells Elspeth Gunn when leave is given back. She has left; so it fails the next time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from flowapp.accounts.user_changes import deactivate
from flowapp.bootstrap import registries
from flowapp.cli.demo.accounts import ADMIN, FORMER_SENIOR, Written, as_somebody
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.deeds import reading
from flowapp.cli.demo.history import Deed, Requests, Step
from flowapp.cli.demo.homes import STRATHALLOW
from flowapp.cli.demo.people import Colleague
from flowapp.cli.demo.wishes import Outcome, Wish
from flowapp.cli.demo.workflows import OLD_REMINDER
from flowapp.rota.entitlement import leave_year
from flowapp.rota.leave_days import LeavePeriod
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document

ANNA, DAN, IAIN = "carer@example.org", "carer2@example.org", "manager2@example.org"
SHE_LEFT = 14  # days ago
SOONEST = 29  # days: leave a visitor may well ask for at once must not meet what waits already
FIVE_DAYS = timedelta(days=8)  # Monday to the Tuesday of the next week, of somebody who works Monday to Wednesday


def wishes_of(people: Sequence[Colleague], days: Days) -> list[Wish]:
    """Answer what Anna and Dan ask for; nobody else is to plan leave for them."""
    anna, dan = (next(who for who in people if who.email == email) for email in (ANNA, DAN))

    def at(days_ago: int, hour: int, minute: int) -> datetime:
        return days.at(days.ago(days_ago), time(hour, minute))

    past, waiting, coming = _monday(days.ago(50)), _waiting(days.as_of), _monday(days.ago(-21))
    two_days = LeavePeriod.of(start=past, end=past + timedelta(days=1))
    five_days = LeavePeriod.of(start=waiting, end=waiting + FIVE_DAYS)
    given_back = LeavePeriod.of(start=coming, end=coming + timedelta(days=1))
    return [
        Wish(who=anna, period=two_days, reason="Glasgow with the children",
             outcome=Outcome.APPROVED, asked_at=at(80, 20, 14)),
        Wish(who=anna, period=five_days, reason="Visiting my sister in Halifax",
             outcome=Outcome.OPEN, asked_at=at(2, 19, 42)),
        Wish(who=dan, period=given_back, reason="Fishing with my brother",
             outcome=Outcome.TAKEN_BACK, asked_at=at(24, 12, 31), taken_back_at=at(6, 18, 5),
             taken_back="My brother cannot come."),
    ]  # fmt: skip


def quiet_from(days: Days) -> date:
    """Answer the day from which Dan alone gives leave back at Strathallow, so that one run fails and not many."""
    return days.ago(SHE_LEFT + 1)


def steps_beside(written: Written, days: Days) -> Iterator[Step]:
    """Go through what else happens: the old reminder is made, Elspeth leaves, people read what they were told."""
    yield Step(at=days.at(days.first + timedelta(days=20), time(10, 22)), do=_publishing(written))
    yield Step(at=days.at(days.ago(SHE_LEFT), time(16, 3)), do=_leaving(written))
    for email in (ANNA, DAN):
        yield reading(written.accounts[email], days.at(days.last, time(21, 47)))


def _waiting(as_of: date) -> date:
    """Find the Monday of Anna's request: late in the next month, not too near, and all in one leave year."""
    month = (as_of.replace(day=1) + timedelta(days=32)).month
    mondays = [_monday(as_of + timedelta(days=SOONEST + 7 * number)) for number in range(12)]
    good = [each for each in mondays if leave_year(each) == leave_year(each + FIVE_DAYS)]
    return max((each for each in good if each.month == month), default=good[0])


def _monday(day: date) -> date:
    """Answer the first Monday from a day on."""
    return day + timedelta(days=-day.weekday() % 7)


def _publishing(written: Written) -> Deed:
    def make(session: Session, at: datetime, _requests: Requests) -> None:
        who, cause = as_somebody(session, written.accounts[IAIN], at)
        made = create_workflow(
            session, cause, read_document(OLD_REMINDER), owner_id=who.user_id, home_id=written.homes[STRATHALLOW]
        )
        publish(session, cause, made, actions=registries().actions, triggers=registries().triggers)

    return make


def _leaving(written: Written) -> Deed:
    def leave(session: Session, at: datetime, _requests: Requests) -> None:
        _, cause = as_somebody(session, written.accounts[ADMIN], at)
        deactivate(session, cause, written.accounts[FORMER_SENIOR], reason="Elspeth has left.")

    return leave
