"""A kind of event that only these tests know, so that nothing else listens to it."""

from __future__ import annotations

import builtins
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.event import Event, Facts

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class TeaFacts(Facts):
    """What was poured."""

    cups: Decimal
    on: date


class TeaPoured(Event):
    """Tea is poured."""

    type: ClassVar[str] = "tea_poured"
    label: ClassVar[str] = "tea is poured"
    subject_type: ClassVar[str] = "teapot"
    Context: ClassVar[builtins.type[Facts]] = TeaFacts


def tea(number: int = 1, *, cause: Cause | None = None, **given: Any) -> TeaPoured:
    """Make an event about the teapot with this number."""
    return TeaPoured(
        subject_id=number,
        care_home_id=given.pop("care_home_id", 7),
        cause=cause or Cause(actor=SYSTEM, at=AT),
        context=TeaFacts(cups=Decimal("2.5"), on=date(2026, 12, 7)),
        **given,
    )
