"""Whether a certificate holds, worked out from its dates whenever it is asked: a status that is kept goes stale."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

DUE_DAYS = 30
MONTHS_A_YEAR = 12


class Competency(StrEnum):
    """Whether somebody was seen to do what they have learnt."""

    NOT_NEEDED = "na"  # knowing is enough
    PENDING = "pending"  # to be watched still
    COMPETENT = "competent"  # was watched, and can do it
    NOT_YET = "not_yet"  # was watched, and has to learn more


HOLDS = frozenset({Competency.NOT_NEEDED, Competency.COMPETENT})


class CertificateState(StrEnum):
    """How a certificate stands on a day."""

    PENDING = "pending"  # does not hold yet
    VALID = "valid"  # holds
    DUE = "due"  # holds, and has to be renewed soon
    EXPIRED = "expired"  # held once
    REVOKED = "revoked"  # was taken back


@dataclass(frozen=True, kw_only=True)
class Validity:
    """From when until when a certificate holds; the last day is one of them."""

    issued_on: date
    expires_on: date | None = None  # None: for ever
    revoked_on: date | None = None  # from this day on it does not hold
    competency: Competency = Competency.NOT_NEEDED

    def holds_on(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return (
            self.issued_on <= day
            and (self.expires_on is None or day <= self.expires_on)
            and (self.revoked_on is None or day < self.revoked_on)
            and self.competency in HOLDS
        )

    def days_left(self, today: date) -> int | None:
        """Answer the days until the last one on which it holds, below 0 after it; None where it has no end."""
        return None if self.expires_on is None else (self.expires_on - today).days

    def state_on(self, today: date, *, due_days: int = DUE_DAYS) -> CertificateState:
        """Answer how it stands on a day; `due_days` before its last it has to be renewed."""
        left = self.days_left(today)
        if self.revoked_on is not None and self.revoked_on <= today:
            return CertificateState.REVOKED
        if left is not None and left < 0:
            return CertificateState.EXPIRED
        if today < self.issued_on or self.competency not in HOLDS:
            return CertificateState.PENDING
        return CertificateState.DUE if left is not None and left <= due_days else CertificateState.VALID


def last_day(issued_on: date, validity_months: int) -> date:
    """Answer the last day on which a certificate holds: the same day so many months on, or the last of that month."""
    years, month = divmod(issued_on.month - 1 + validity_months, MONTHS_A_YEAR)
    year = issued_on.year + years
    return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))
