"""The only reader of the clock; everything else is given the moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """Answer the present moment, aware and in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Answer the present moment, aware and in UTC."""
        return datetime.now(UTC)


class FrozenClock:
    """A clock that stands still until it is told to go on; for tests and for making history."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Answer the moment the clock stands at."""
        return self._moment

    def advance(self, **lengths: float) -> datetime:
        """Go on by a length given as `timedelta` takes it, and answer the new moment."""
        self._moment += timedelta(**lengths)
        return self._moment

    def set(self, moment: datetime) -> None:
        """Stand at another moment."""
        self._moment = moment.astimezone(UTC)
