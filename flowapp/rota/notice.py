"""How long before leave it has to be asked for, and refused.

By law notice is twice as long as the leave plus a day, and a refusal needs as long as the leave plus a day
(gov.uk/holiday-entitlement-rights/booking-time-off-); a contract may say otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


class NoticeKind(StrEnum):
    """Who says how much notice a type of leave needs."""

    POLICY = "policy"  # the employer's rule: a number of days
    STATUTORY = "statutory_2x_plus_1"  # twice the length of the leave plus one day
    NONE = "none"  # no notice, as for sickness


@dataclass(frozen=True, kw_only=True)
class NoticeRule:
    """How much notice a type of leave needs."""

    kind: NoticeKind = NoticeKind.POLICY
    policy_days: int = 14

    def days_needed(self, leave_days: Decimal) -> int:
        """The days between asking and the first day of leave."""
        if self.kind is NoticeKind.NONE:
            return 0
        return self.policy_days if self.kind is NoticeKind.POLICY else worker_notice_days(leave_days)


def notice_given(*, today: date, start: date) -> int:
    """Count the days from today to the first day of leave; negative when it has begun."""
    return (start - today).days


def worker_notice_days(leave_days: Decimal) -> int:
    """The notice the law asks of the person: twice the leave plus a day, part days rounded up."""
    return math.ceil(2 * leave_days + 1)


def refusal_notice_days(leave_days: Decimal) -> int:
    """The notice the law asks of an employer who refuses: the leave plus a day, part days rounded up."""
    return math.ceil(leave_days + 1)


def last_day_to_refuse(*, start: date, leave_days: Decimal) -> date:
    """The last day on which leave may still be refused by law."""
    return start - timedelta(days=refusal_notice_days(leave_days))
