"""Which reminders of a certificate are due, and when to look at it next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

RAN_OUT = -1  # the reminder that is told after the last day
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What is known of the reminders of a certificate that has an end.

    `reminded` is the last reminder that was told: days before the end, or RAN_OUT.
    """

    expires_on: date
    reminder_days: tuple[int, ...]
    watched_from: date  # the day it was recorded, or corrected
    reminded: int | None = None


@dataclass(frozen=True)
class Due:
    """What is to be told on a day: the reminders that were crossed, the earliest first, and whether it has run out."""

    reminders: tuple[int, ...] = ()
    ran_out: bool = False

    @property
    def last(self) -> int | None:
        """The reminder that is the last one told after this; None where nothing is told."""
        return RAN_OUT if self.ran_out else min(self.reminders, default=None)


def due_reminders(watch: Watch, today: date) -> Due:
    """Answer what is to be told of a certificate today.

    Days on which nobody looked are made good, so each reminder is told once. Of those that lay before the certificate
    was recorded only the nearest is told, and none when it had run out by then.
    """
    crossed = [each for each in _left(watch) if _day_of(watch, each) <= today]
    late = [each for each in crossed if each != RAN_OUT and _day_of(watch, each) < watch.watched_from]
    told = [each for each in crossed if each not in late and each != RAN_OUT]
    if late and not told and watch.watched_from <= watch.expires_on:
        told = [min(late)]
    return Due(tuple(told), RAN_OUT in crossed)


def next_look(watch: Watch, today: date) -> date | None:
    """Answer the first day from today on which there is something to tell; None where there is nothing more."""
    days = [_day_of(watch, each) for each in _left(watch)]
    return max(min(days), today) if days else None


def _left(watch: Watch) -> list[int]:
    """Answer the reminders that nobody was told of yet, the earliest first."""
    return [each for each in _steps(watch.reminder_days) if watch.reminded is None or each < watch.reminded]


def _steps(reminder_days: Iterable[int]) -> list[int]:
    return sorted({*reminder_days, RAN_OUT}, reverse=True)


def _day_of(watch: Watch, reminder: int) -> date:
    return watch.expires_on + A_DAY if reminder == RAN_OUT else watch.expires_on - timedelta(days=reminder)
