"""The days of the demo: from the day its homes began with FlowApp to the day it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flowapp.rota.entitlement import LeaveYear, leave_year

OPENS = time(6)


@dataclass(frozen=True, kw_only=True)
class Days:
    """The day the demo is shown, how many weeks lie behind it, and where its clocks stand."""

    as_of: date
    weeks: int
    zone: ZoneInfo

    @property
    def first(self) -> date:
        """The day the homes began."""
        return self.as_of - timedelta(weeks=self.weeks)

    @property
    def last(self) -> date:
        """The last day of which anything is told: the day before."""
        return self.as_of - timedelta(days=1)

    @property
    def begin(self) -> datetime:
        """The moment at which the homes are there."""
        return self.at(self.first, OPENS)

    @property
    def end(self) -> datetime:
        """The moment at which everything has happened: midnight before the demo is shown."""
        return self.at(self.as_of, time())

    @property
    def leave_years(self) -> list[LeaveYear]:
        """The leave years that these days touch, and the one that comes."""
        years = [leave_year(self.first)]
        while years[-1].start <= self.as_of:
            years.append(leave_year(years[-1].end + timedelta(days=1)))
        return years

    def ago(self, days: int) -> date:
        """Answer the day so many days before the demo is shown."""
        return self.as_of - timedelta(days=days)

    def at(self, day: date, local: time) -> datetime:
        """Answer the moment of a time on the home's wall."""
        return datetime.combine(day, local, self.zone).astimezone(UTC)
