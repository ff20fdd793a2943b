"""What may be said of a certificate, and said anew; what of it makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from flowapp.events.event import Change
from flowapp.kernel.errors import Problem
from flowapp.kernel.signs import NO_TEXT
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.training.types import TrainingType
from flowapp.rota.training.validity import last_day
from flowapp.rota.wording import day_text

LONGEST_REFERENCE = 200
FURTHEST_AHEAD = timedelta(days=366)  # a course that is booked is no certificate yet


@dataclass(frozen=True, kw_only=True)
class CertificateDetails:
    """A certificate as its paper describes it; no blanks around the words."""

    issued_on: date
    expires_on: date | None
    evidence_ref: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence_ref", " ".join(self.evidence_ref.split(" ")).strip())


def as_written(kind: TrainingType, issued_on: date, expires_on: date | None, evidence_ref: str) -> CertificateDetails:
    """Answer what a paper says; where it names no last day, the usual one of its type, if that has one."""
    months = kind.validity_months
    if expires_on is None and months is not None and EARLIEST_YEAR <= issued_on.year <= LATEST_YEAR:
        expires_on = last_day(issued_on, months)
    return CertificateDetails(issued_on=issued_on, expires_on=expires_on, evidence_ref=evidence_ref)


def differences(old: CertificateDetails, new: CertificateDetails) -> tuple[Change, ...]:
    """Answer every field whose value is another now."""
    before, after = asdict(old), asdict(new)
    return tuple(
        Change(field=each, old=before[each], new=after[each]) for each in before if before[each] != after[each]
    )


def wrong_details(details: CertificateDetails, today: date) -> Iterator[Problem]:
    """Answer each field that makes no sense by itself, one problem for each."""
    wrong = [*_wrong_years(details)]
    yield from wrong
    if not wrong and details.issued_on > today + FURTHEST_AHEAD:
        message = f"The first day lies more than a year ahead. Check the year: today is {day_text(today)}."
        yield Problem(path="issued_on", code="too_far_ahead", message=message)
    if not wrong and details.expires_on is not None and details.expires_on < details.issued_on:
        message = "The last day lies before the first. Check both dates on the certificate."
        yield Problem(path="expires_on", code="end_before_start", message=message)
    if len(details.evidence_ref) > LONGEST_REFERENCE or NO_TEXT.search(details.evidence_ref):
        message = f"Write where the paper is on one line, in {LONGEST_REFERENCE} characters at most."
        yield Problem(path="evidence_ref", code="bad_value", message=message)


def _wrong_years(details: CertificateDetails) -> Iterator[Problem]:
    for name, day in (("issued_on", details.issued_on), ("expires_on", details.expires_on)):
        if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            message = f"The year cannot be right. It is from {EARLIEST_YEAR} to {LATEST_YEAR}; check the date."
            yield Problem(path=name, code="year_out_of_range", message=message)
