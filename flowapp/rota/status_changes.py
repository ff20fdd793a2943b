"""From which status a member of staff can go to which: not started, at work, suspended, gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from flowapp.kernel.errors import Problem
from flowapp.rota.staff import StaffStatus
from flowapp.rota.wording import day_text

AWAY = (StaffStatus.SUSPENDED, StaffStatus.LONG_TERM_ABSENT)
MOVES: Mapping[StaffStatus, frozenset[StaffStatus]] = MappingProxyType(
    {
        StaffStatus.PRE_START: frozenset({StaffStatus.ACTIVE}),
        StaffStatus.ACTIVE: frozenset({*AWAY, StaffStatus.LEAVER}),
        **{status: frozenset({StaffStatus.ACTIVE, StaffStatus.LEAVER}) for status in AWAY},
        StaffStatus.LEAVER: frozenset(),
    }
)
FIRST = (StaffStatus.PRE_START, StaffStatus.ACTIVE)
_NOW = {
    StaffStatus.PRE_START: "has not started work yet",
    StaffStatus.ACTIVE: "is at work",
    StaffStatus.SUSPENDED: "is suspended",
    StaffStatus.LONG_TERM_ABSENT: "is away for a long time",
    StaffStatus.LEAVER: "has left",
}


def wrong_first(status: StaffStatus) -> Problem | None:
    """Answer what is wrong with the status of somebody who is added."""
    if status in FIRST:
        return None
    message = "The status of somebody new is active, or pre_start until they start. Change it afterwards."
    return Problem(path="status", code="wrong_move", message=message)


def wrong_move(name: str, old: StaffStatus, new: StaffStatus) -> Problem | None:
    """Answer why somebody cannot go from one status to another, and where they can go instead."""
    if new is old or new in MOVES[old]:
        return None
    return Problem(path="status", code="wrong_move", message=f"{name} {_NOW[old]}. {_way_out(old)}")


def wrong_leaving(name: str, status: StaffStatus, end_date: date | None, today: date) -> Problem | None:
    """Answer why somebody cannot be a leaver on this day: a leaver has had a last day."""
    if status is not StaffStatus.LEAVER:
        return None
    if end_date is None:
        message = f"{name} can only be a leaver with a last day. Send end_date as well."
        return Problem(path="end_date", code="missing", message=message)
    if end_date > today:
        message = (
            f"{name} works until {day_text(end_date)}. Make them a leaver on that day, or send an earlier end_date."
        )
        return Problem(path="end_date", code="in_the_future", message=message)
    return None


def _way_out(old: StaffStatus) -> str:
    ways = sorted(MOVES[old])
    if not ways:
        return "The status of a leaver stays. If they come back, add them as a new member of staff."
    *first, last = ways
    return f"From there the status can only become {', '.join(first)}{' or ' if first else ''}{last}."
