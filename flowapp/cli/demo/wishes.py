"""A wish for leave in the demo, before it is asked for, and what is to become of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flowapp.cli.demo.people import Colleague
from flowapp.rota.leave_days import LeavePeriod


class Outcome(StrEnum):
    """What becomes of a wish."""

    APPROVED = "approved"
    REJECTED = "rejected"
    TAKEN_BACK = "taken back"
    OPEN = "open"  # nobody has decided yet


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Annual leave that somebody will ask for; longer leave is decided by a person at `decided_at`."""

    who: Colleague
    period: LeavePeriod
    reason: str
    outcome: Outcome
    asked_at: datetime
    decided_at: datetime | None = None
    decision: str = ""  # the words of whoever decides
    taken_back_at: datetime | None = None
    taken_back: str = ""  # the words of whoever takes it back
