"""The break in a day's work (regulation 12)."""

from __future__ import annotations

from typing import NamedTuple

ADULT = 18  # years


class _Rule(NamedTuple):
    longer_than: int  # minutes of work
    minutes: int


FOR_ADULTS = _Rule(longer_than=6 * 60, minutes=20)  # one, however long (Hughes v Corps of Commissionaires [2011])
FOR_YOUNG = _Rule(longer_than=4 * 60 + 30, minutes=30)


def break_needed(minutes: int, *, age: int) -> int:
    """Answer the minutes of uninterrupted break that so long a stretch of work needs; 0 where it needs none."""
    rule = FOR_ADULTS if age >= ADULT else FOR_YOUNG
    return rule.minutes if minutes > rule.longer_than else 0
