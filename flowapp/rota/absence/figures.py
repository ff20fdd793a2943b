"""What is counted of somebody's sickness over twelve months, and when a person should look at it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class ReviewLimits:
    """From where on absence is to be talked about; a home may set its own."""

    episodes: int = 3
    percentage: Decimal = Decimal(3)


@dataclass(frozen=True, kw_only=True)
class AbsenceFigures:
    """Somebody's sickness in twelve months."""

    episodes: int
    days: Decimal  # of work that were lost

    def percentage(self, working_days: Decimal) -> Decimal:
        """Answer the share of a year's working days that was lost; none of no days."""
        return self.days / working_days * HUNDRED if working_days else Decimal(0)

    def needs_review(self, working_days: Decimal, limits: ReviewLimits | None = None) -> bool:
        """Say whether somebody should talk about it with the person."""
        limits = limits or ReviewLimits()
        return self.episodes >= limits.episodes or self.percentage(working_days) >= limits.percentage

    @property
    def bradford(self) -> Decimal:
        """The Bradford factor, in which many short absences weigh more than a long one."""
        return self.episodes * self.episodes * self.days
