"""Whether somebody can be given a shift: they work in that home, are there on the day, are free and not away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.kernel.prepared import Prepared
from flowapp.rota.homes import CareHome
from flowapp.rota.leave import live_periods
from flowapp.rota.leave_period import LeavePeriod, window
from flowapp.rota.shift_reading import HeldShift, held_during
from flowapp.rota.staff import Staff, StaffStatus
from flowapp.rota.wall_time import Interval, overlap
from flowapp.rota.wording import day_text, span_text

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The work that somebody is to be given."""

    home_id: int
    date: date
    interval: Interval
    timezone: str
    shift_id: int | None = None  # None while it is not written yet


@dataclass(frozen=True)
class Candidate:
    """What is looked at of somebody before they are given a shift."""

    name: str
    home_id: int
    home_name: str
    status: StaffStatus
    start_date: date
    end_date: date | None
    leave: tuple[LeavePeriod, ...] = ()  # approved, on the days of the shift


def check_can_work(session: Session, who: Person, staff_id: int, stretch: Stretch) -> None:
    """Pass whoever can be given this work.

    Raises Refused with every rule that forbids it, or Conflict naming the shift they have at that time. Somebody
    whom `who` may not see is refused like somebody who does not exist.
    """
    found = _CANDIDATE.first(session, staff_id=staff_id)
    if found is None or not can(who, "staff.view", On(home_id=found.home_id, staff_id=staff_id)):
        message = "There is no member of staff with this number; choose somebody of this home."
        raise Refused([Problem(path="staff_id", code="unknown", message=message)])
    leave = live_periods(session, staff_id, start=stretch.date, end=stretch.date + ONE_DAY)
    away = replace(found, leave=tuple(each.period for each in leave if each.approved))
    if problems := [*refusals(away, stretch)]:
        raise Refused(problems)
    others = [each for each in held_during(session, staff_id, stretch.interval) if each.id != stretch.shift_id]
    if others:
        raise Conflict(already_working(found.name, others))


def refusals(candidate: Candidate, stretch: Stretch) -> Iterator[Problem]:
    """Answer every rule that forbids giving somebody this work; the codes are those of the eligibility rules."""
    if candidate.home_id != stretch.home_id:
        yield _problem("E16", f"{candidate.name} works at {candidate.home_name}. Choose somebody of this home.")
    if reason := _absent(candidate, stretch.date):
        yield _problem("E01", f"{candidate.name} {reason}. Choose somebody else.")
    for period in candidate.leave:
        if overlap(window(period, stretch.timezone), stretch.interval):
            days = span_text(period.start, period.end)
            yield _problem("E06", f"{candidate.name} has approved leave {days}. Choose somebody else.")


def already_working(name: str, others: Sequence[HeldShift]) -> str:
    """Say which shift somebody has at that time."""
    first = others[0]
    when = f"from {first.start_local} to {first.end_local} on {day_text(first.local_date)}"
    return (
        f"{name} already works {when} at {first.home_name} (shift {first.id}), which is at the same time. "
        "Choose somebody else, or change that shift first."
    )


_CANDIDATE = Prepared(
    select(Staff.name, Staff.home_id, CareHome.name, Staff.status, Staff.start_date, Staff.end_date)
    .join(CareHome, CareHome.id == Staff.home_id)
    .where(Staff.id == bindparam("staff_id")),
    Candidate,
)


def _absent(candidate: Candidate, day: date) -> str | None:
    if why_not := candidate.status.why_not:
        return why_not
    if day < candidate.start_date:
        return f"starts on {day_text(candidate.start_date)}, after this shift"
    if candidate.end_date is not None and day > candidate.end_date:
        return f"leaves on {day_text(candidate.end_date)}, before this shift"
    return None


def _problem(code: str, message: str) -> Problem:
    return Problem(path="staff_id", code=code, message=message)
