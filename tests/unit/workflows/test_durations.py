"""Lengths of time, added to a moment as a home's clock and calendar have it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from flowapp.workflows.durations import Duration

LONDON = ZoneInfo("Europe/London")


class ChristmasOnly:
    """A calendar with one bank holiday."""

    def is_bank_holiday(self, day: date) -> bool:
        """Whether it is Christmas Day."""
        return (day.month, day.day) == (12, 25)


CASES = [
    # from, how long, to
    ("2026-11-23T09:00", {"seconds": 90}, "2026-11-23T09:01:30"),
    ("2026-11-23T09:00", {"minutes": 90}, "2026-11-23T10:30"),
    ("2026-11-23T09:00", {"hours": 24}, "2026-11-24T09:00"),
    ("2026-11-23T09:00", {"days": 1}, "2026-11-24T09:00"),
    ("2026-10-24T09:00", {"days": 1}, "2026-10-25T10:00"),  # the clocks go back: ten by Greenwich, still ten in London
    ("2026-10-24T09:00", {"hours": 24}, "2026-10-25T09:00"),
    ("2026-11-27T09:00", {"working_days": 1}, "2026-11-30T09:00"),  # over the weekend
    ("2026-12-24T09:00", {"working_days": 1}, "2026-12-28T09:00"),  # over Christmas Day, a Friday
    ("2026-11-28T09:00", {"working_days": 2}, "2026-12-01T09:00"),  # from a Saturday
]


@pytest.mark.parametrize(("begin", "given", "end"), CASES)
def test_a_duration_is_added_as_the_home_counts(begin: str, given: dict[str, int], end: str) -> None:
    moment = datetime.fromisoformat(begin).replace(tzinfo=UTC)
    after = Duration.model_validate(given).after(moment, LONDON, ChristmasOnly())
    assert after == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_a_duration_is_said_as_people_say_it() -> None:
    assert Duration(working_days=1).words == "1 working day"
    assert Duration(minutes=15).words == "15 minutes"
