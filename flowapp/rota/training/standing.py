"""How somebody stands with a certificate, in the words of the people who look after it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from flowapp.rota.training.validity import DUE_DAYS, CertificateState, Validity


class Standing(StrEnum):
    """How a certificate stands, among others of the same person and type."""

    VALID = "valid"  # holds
    DUE = "due"  # holds, and has to be renewed soon
    EXPIRED = "expired"  # held once
    WAITING = "waiting"  # was sent in, and nobody has checked it
    PENDING = "pending"  # does not hold yet
    REVOKED = "revoked"  # was taken back
    SUPERSEDED = "superseded"  # a newer one holds longer

    @property
    def label(self) -> str:
        """The words people see."""
        return _LABELS[self]


_LABELS = {
    Standing.VALID: "In date",
    Standing.DUE: "Due soon",
    Standing.EXPIRED: "Out of date",
    Standing.WAITING: "Waits for a check",
    Standing.PENDING: "Does not count yet",
    Standing.REVOKED: "Withdrawn",
    Standing.SUPERSEDED: "Replaced by a newer one",
}
_OF_STATE = {
    CertificateState.VALID: Standing.VALID,
    CertificateState.DUE: Standing.DUE,
    CertificateState.EXPIRED: Standing.EXPIRED,
    CertificateState.PENDING: Standing.PENDING,
    CertificateState.REVOKED: Standing.REVOKED,
}


def standing_of(
    validity: Validity, today: date, *, waits: bool, superseded: bool, due_days: int = DUE_DAYS
) -> Standing:
    """Answer how a certificate stands on a day; `waits` for one that was sent in and that nobody has checked."""
    state = validity.state_on(today, due_days=due_days)
    if state is CertificateState.REVOKED:
        return Standing.REVOKED
    if waits:
        return Standing.WAITING
    return Standing.SUPERSEDED if superseded else _OF_STATE[state]
