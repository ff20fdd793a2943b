"""What the rules of working time must know of somebody, and what of it makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flowapp.kernel.errors import Problem
from flowapp.rota.leave_period import EARLIEST_YEAR
from flowapp.rota.staff import Staff
from flowapp.rota.working_time.runs import MOST_DAYS
from flowapp.rota.working_time.young import GROWN_UP, age_on

YOUNGEST, OLDEST = 13, 100  # years
LEAST_NOTICE, MOST_NOTICE = 7, 90  # days; regulation 5 of the working time regulations
MOST_IN_A_ROW = 14  # days
MOST_HOURS = Decimal(100)  # a week
PRIVATE = frozenset({"born", "restriction_note"})  # no audit and no event tells what they were


class Restriction(StrEnum):
    """What somebody must not be asked to do, by occupational health."""

    NO_NIGHTS = "no_nights"
    NO_MOVING_AND_HANDLING = "no_moving_and_handling"

    @property
    def label(self) -> str:
        """The words people use for it."""
        return _LABELS[self]


_LABELS = {
    Restriction.NO_NIGHTS: "No nights",
    Restriction.NO_MOVING_AND_HANDLING: "No moving and handling of people",
}


@dataclass(frozen=True, kw_only=True)
class WorkLimits:
    """What the rules must know of somebody."""

    born: date | None = None
    opted_out_on: date | None = None  # of the average of 48 hours a week, in writing
    opt_out_notice_days: int | None = None  # with which they may take it back; 7 unless agreed
    night_assessed_on: date | None = None  # the last health assessment for night work
    most_days_in_a_row: int = MOST_DAYS
    most_week_hours: Decimal | None = None  # None: no limit of their own
    wants_extra: bool = False  # is glad to be asked for more shifts
    restrictions: tuple[Restriction, ...] = ()
    restriction_note: str = ""  # what occupational health wrote; for HR only

    def columns(self) -> dict[str, Any]:
        """Answer it as the record has it."""
        return asdict(self) | {"restrictions": [each.value for each in self.restrictions]}


def limits_of(found: Staff) -> WorkLimits:
    """Answer what the rules know of a member of staff."""
    return WorkLimits(
        born=found.born,
        opted_out_on=found.opted_out_on,
        opt_out_notice_days=found.opt_out_notice_days,
        night_assessed_on=found.night_assessed_on,
        most_days_in_a_row=found.most_days_in_a_row,
        most_week_hours=found.most_week_hours,
        wants_extra=found.wants_extra,
        restrictions=tuple(Restriction(code) for code in found.restrictions),
        restriction_note=found.restriction_note,
    )


def wrong_limits(limits: WorkLimits, today: date) -> Iterator[Problem]:
    """Answer each field that makes no sense on a day."""
    yield from _wrong_birth(limits, today)
    yield from _wrong_opt_out(limits, today)
    if limits.night_assessed_on is not None and not _is_past(limits.night_assessed_on, today):
        yield Problem(path="night_assessed_on", code="out_of_range", message=_PAST.format("health assessment"))
    if not 1 <= limits.most_days_in_a_row <= MOST_IN_A_ROW:
        message = f"Choose 1 to {MOST_IN_A_ROW} days in a row; {MOST_DAYS} are usual."
        yield Problem(path="most_days_in_a_row", code="out_of_range", message=message)
    hours = limits.most_week_hours
    if hours is not None and not (0 < hours <= MOST_HOURS and hours == round(hours, 2)):
        message = f"The most hours of a week are from 1 to {MOST_HOURS}, such as 37.5. Leave it empty for no limit."
        yield Problem(path="most_week_hours", code="out_of_range", message=message)


_PAST = "The day of the {} lies in the past, in a year that can be right. Check the date."


def _wrong_birth(limits: WorkLimits, today: date) -> Iterator[Problem]:
    if limits.born is None:
        return
    if limits.born > today or not YOUNGEST <= age_on(limits.born, today) <= OLDEST:
        message = f"Nobody younger than {YOUNGEST} or older than {OLDEST} works here. Check the year of birth."
        yield Problem(path="born", code="out_of_range", message=message)


def _wrong_opt_out(limits: WorkLimits, today: date) -> Iterator[Problem]:
    signed, notice = limits.opted_out_on, limits.opt_out_notice_days
    if signed is None:
        if notice is not None:
            message = "There is only a notice where somebody opted out. Say on which day they signed."
            yield Problem(path="opted_out_on", code="missing", message=message)
        return
    if not _is_past(signed, today):
        yield Problem(path="opted_out_on", code="out_of_range", message=_PAST.format("signature"))
    elif limits.born is not None and signed >= limits.born and age_on(limits.born, signed) < GROWN_UP:
        message = f"Nobody under {GROWN_UP} can agree to more than 48 hours. Take the day out, or check the birthday."
        yield Problem(path="opted_out_on", code="too_young", message=message)
    if notice is not None and not LEAST_NOTICE <= notice <= MOST_NOTICE:
        message = f"The notice is from {LEAST_NOTICE} to {MOST_NOTICE} days."
        yield Problem(path="opt_out_notice_days", code="out_of_range", message=message)


def _is_past(day: date, today: date) -> bool:
    return day.year >= EARLIEST_YEAR and day <= today
