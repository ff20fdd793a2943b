"""What may be said of a member of staff, and said anew; what of it makes no sense, and what is another now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

from flowapp.accounts.mail_address import as_kept, is_address
from flowapp.events.event import Change
from flowapp.kernel.errors import Problem
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.staff import Contract, JobRole, Staff, StaffStatus
from flowapp.rota.work import WEEKDAY_NAMES

LONGEST_NAME = 120
LONGEST_NUMBER = 20
MOST_HOURS = 100  # a week
MOST_HOURS_A_DAY = 24


@dataclass(frozen=True, kw_only=True)
class StaffDetails:
    """A member of staff as others describe them; kept without blanks around the words, and days off without hours."""

    employee_no: str
    name: str
    email: str
    unit_id: int | None
    role: JobRole
    contract: Contract
    contracted_hours: Decimal  # a week
    pattern: dict[str, Decimal] = field(hash=False)
    start_date: date
    end_date: date | None
    status: StaffStatus

    def __post_init__(self) -> None:
        object.__setattr__(self, "employee_no", self.employee_no.strip())
        object.__setattr__(self, "name", " ".join(self.name.split()))
        object.__setattr__(self, "email", as_kept(self.email))
        object.__setattr__(self, "pattern", {day: hours for day, hours in self.pattern.items() if hours})


def details_of(found: Staff) -> StaffDetails:
    """Answer what is known of a member of staff."""
    return StaffDetails(
        employee_no=found.employee_no,
        name=found.name,
        email=found.email,
        unit_id=found.unit_id,
        role=JobRole(found.role),
        contract=Contract(found.contract),
        contracted_hours=found.contracted_hours,
        pattern=found.pattern,
        start_date=found.start_date,
        end_date=found.end_date,
        status=StaffStatus(found.status),
    )


def differences(old: StaffDetails, new: StaffDetails) -> tuple[Change, ...]:
    """Answer every field whose value is another now."""
    before, after = asdict(old), asdict(new)
    return tuple(
        Change(field=name, old=before[name], new=after[name]) for name in before if before[name] != after[name]
    )


def wrong_details(details: StaffDetails) -> Iterator[Problem]:
    """Answer each field that makes no sense by itself, one problem for each."""
    yield from _wrong_words(details)
    yield from _wrong_hours(details)
    yield from _wrong_days(details)


def _wrong_words(details: StaffDetails) -> Iterator[Problem]:
    if not 0 < len(details.employee_no) <= LONGEST_NUMBER or not details.employee_no.isprintable():
        message = f"Write the number on the payroll, in {LONGEST_NUMBER} characters at most, such as ROSE-014."
        yield Problem(path="employee_no", code="bad_value", message=message)
    if not 0 < len(details.name) <= LONGEST_NAME or not details.name.isprintable():
        message = f"Write the person's name on one line, in {LONGEST_NAME} characters at most."
        yield Problem(path="name", code="bad_name", message=message)
    if not is_address(details.email):
        message = "Write an email address such as name@example.org."
        yield Problem(path="email", code="no_address", message=message)


def _wrong_hours(details: StaffDetails) -> Iterator[Problem]:
    if not _are_hours(details.contracted_hours, MOST_HOURS):
        message = f"The contracted hours a week are from 0 to {MOST_HOURS}, with two decimals at most, such as 37.5."
        yield Problem(path="contracted_hours", code="out_of_range", message=message)
    if set(details.pattern) - set(WEEKDAY_NAMES):
        message = f"The pattern has hours by weekday. The weekdays are {', '.join(WEEKDAY_NAMES)}."
        yield Problem(path="pattern", code="unknown_weekday", message=message)
    for day in WEEKDAY_NAMES:
        if not _are_hours(details.pattern.get(day, Decimal(0)), MOST_HOURS_A_DAY):
            message = f"The hours of a day are from 0 to {MOST_HOURS_A_DAY}, with two decimals at most, such as 7.5."
            yield Problem(path=f"pattern.{day}", code="out_of_range", message=message)


def _wrong_days(details: StaffDetails) -> Iterator[Problem]:
    wrong = [name for name, day in _days(details) if not EARLIEST_YEAR <= day.year <= LATEST_YEAR]
    for name in wrong:
        message = f"The year cannot be right. It is from {EARLIEST_YEAR} to {LATEST_YEAR}; check the date."
        yield Problem(path=name, code="year_out_of_range", message=message)
    if not wrong and details.end_date is not None and details.end_date < details.start_date:
        message = "The last day lies before the first. Send an end_date that is not before the start_date."
        yield Problem(path="end_date", code="end_before_start", message=message)


def _days(details: StaffDetails) -> Iterator[tuple[str, date]]:
    yield "start_date", details.start_date
    if details.end_date is not None:
        yield "end_date", details.end_date


def _are_hours(hours: Decimal, most: int) -> bool:
    return 0 <= hours <= most and hours == round(hours, 2)
