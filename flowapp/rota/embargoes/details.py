"""What may be said of a time closed to leave, and what of it makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flowapp.kernel.errors import BadSetting, Problem, Refused
from flowapp.rota.embargo import ClosedDays, ClosedOnce, ClosedYearly, Embargo, Place
from flowapp.rota.leave_embargo import LeaveEmbargo
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.staff import JobRole

LONGEST_MESSAGE = 500


@dataclass(frozen=True, kw_only=True)
class EmbargoDetails:
    """A time closed to leave, once (`first_day`, `last_day`) or every year (`yearly_from`, `yearly_to` as MM-DD).

    Without a home it holds in every home, without a unit or a role for everybody there.
    """

    home_id: int | None
    unit_id: int | None = None
    role: JobRole | None = None
    first_day: date | None = None
    last_day: date | None = None
    yearly_from: str | None = None
    yearly_to: str | None = None
    message: str
    hard: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", " ".join(self.message.split()))


def details_of(row: LeaveEmbargo) -> EmbargoDetails:
    """Answer what is said of a time closed to leave."""
    return EmbargoDetails(
        home_id=row.home_id,
        unit_id=row.unit_id,
        role=JobRole(row.role) if row.role else None,
        first_day=row.first_day,
        last_day=row.last_day,
        yearly_from=row.yearly_from,
        yearly_to=row.yearly_to,
        message=row.message,
        hard=row.hard,
    )


def embargo_of(details: EmbargoDetails) -> Embargo:
    """Answer the embargo meant; raises Refused naming each field that makes no sense."""
    if problems := [*_wrong_words(details), *_wrong_days(details)]:
        raise Refused(problems)
    place = Place(home_id=details.home_id, unit_id=details.unit_id, role=details.role)
    return Embargo(closed=_closed(details), message=details.message, hard=details.hard, place=place)


def _closed(details: EmbargoDetails) -> ClosedDays:
    if details.yearly_from and details.yearly_to:
        try:
            return ClosedYearly(first=details.yearly_from, last=details.yearly_to)
        except BadSetting as bad:
            raise Refused([Problem(path="yearly_from", code="bad_value", message=bad.message)]) from None
    first, last = details.first_day, details.last_day
    if first is None or last is None:
        raise Refused([_missing("first_day")])
    try:
        return ClosedOnce(first=first, last=last)
    except Refused as refused:
        raise Refused(
            [Problem(path="last_day", code=each.code, message=each.message) for each in refused.problems]
        ) from None


def _wrong_words(details: EmbargoDetails) -> Iterator[Problem]:
    if not details.message:
        message = "Say why these days are closed to leave; people will read it."
        yield Problem(path="message", code="missing", message=message)
    elif len(details.message) > LONGEST_MESSAGE or not details.message.isprintable():
        message = f"Say it in at most {LONGEST_MESSAGE} ordinary characters."
        yield Problem(path="message", code="too_long", message=message)
    if details.unit_id is not None and details.home_id is None:
        message = "A unit belongs to one home. Choose that home as well."
        yield Problem(path="unit_id", code="no_home", message=message)


def _wrong_days(details: EmbargoDetails) -> Iterator[Problem]:
    once, yearly = (details.first_day, details.last_day), (details.yearly_from, details.yearly_to)
    if any(once) and any(yearly):
        message = "Say either the days of one time, or the days of every year, and not both."
        yield Problem(path="first_day", code="both_ways", message=message)
    elif not any(once) and not any(yearly):
        yield _missing("first_day")
    elif any(once) and not all(once):
        yield _missing("first_day" if details.first_day is None else "last_day")
    elif any(yearly) and not all(yearly):
        yield _missing("yearly_to" if details.yearly_from else "yearly_from")
    for name, day in (("first_day", details.first_day), ("last_day", details.last_day)):
        if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            message = f"The year cannot be right. It is from {EARLIEST_YEAR} to {LATEST_YEAR}; check the date."
            yield Problem(path=name, code="year_out_of_range", message=message)


def _missing(name: str) -> Problem:
    return Problem(path=name, code="missing", message="Say from which day until which day leave is closed.")
