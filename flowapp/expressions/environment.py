"""What an evaluation may know of the world: the moment, the home's time zone and its calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Calendar(Protocol):
    """The days on which a home's nation has a bank holiday."""

    def is_bank_holiday(self, day: date) -> bool:
        """Whether the day is a bank holiday."""
        ...


class _WeekdaysOnly:
    """A calendar that knows no bank holidays."""

    def is_bank_holiday(self, day: date) -> bool:
        """No day is one."""
        return False


WEEKDAYS_ONLY: Calendar = _WeekdaysOnly()


@dataclass(frozen=True, slots=True)
class Environment:
    """The moment, the time zone and the calendar of one evaluation.

    Raises ValueError for a moment without a time zone: the caller has a mistake in it, not the manager.
    """

    now: datetime
    timezone: ZoneInfo
    calendar: Calendar = WEEKDAYS_ONLY

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("The moment of an evaluation needs a time zone.")

    def today(self) -> date:
        """The date in the home's time zone."""
        return self.now.astimezone(self.timezone).date()


NOWHERE = Environment(now=datetime(2000, 1, 1, tzinfo=UTC), timezone=ZoneInfo("UTC"))
