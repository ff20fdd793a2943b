"""What may be said of a type of training, and said anew; what of it makes no sense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flowapp.kernel.errors import Problem
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.staff import JobRole
from flowapp.rota.training.types import REMINDER_DAYS, Category, TrainingType

CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}", re.ASCII)
LONGEST_NAME = 120
MOST_MONTHS = 600
MOST_REMINDERS, EARLIEST_REMINDER = 12, 365


@dataclass(frozen=True, kw_only=True)
class TypeDetails:
    """A type of training as others describe it; reminders in their order, the code in capitals."""

    code: str
    name: str
    category: Category = Category.MANDATORY
    validity_months: int | None = None
    reminder_days: list[int] = field(default_factory=lambda: list(REMINDER_DAYS), hash=False)
    blocks_rostering: bool = False
    needs_competency: bool = False
    applies_to_roles: list[str] = field(default_factory=list, hash=False)
    nations: list[str] = field(default_factory=list, hash=False)
    is_active: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", self.code.strip().upper())
        object.__setattr__(self, "name", " ".join(self.name.split()))
        object.__setattr__(self, "reminder_days", sorted(set(self.reminder_days), reverse=True))
        object.__setattr__(self, "applies_to_roles", [each.value for each in JobRole if each in self.applies_to_roles])
        object.__setattr__(self, "nations", [each.value for each in Nation if each in self.nations])


def details_of(found: TrainingType) -> TypeDetails:
    """Answer what is known of a type of training."""
    return TypeDetails(
        code=found.code,
        name=found.name,
        category=Category(found.category),
        validity_months=found.validity_months,
        reminder_days=found.reminder_days,
        blocks_rostering=found.blocks_rostering,
        needs_competency=found.needs_competency,
        applies_to_roles=found.applies_to_roles,
        nations=found.nations,
        is_active=found.is_active,
    )


def wrong_details(details: TypeDetails) -> Iterator[Problem]:
    """Answer each field that makes no sense by itself, one problem for each."""
    if not CODE.fullmatch(details.code):
        message = "The code has 2 to 40 letters, digits and underscores, and begins with a letter, such as FIRE."
        yield Problem(path="code", code="bad_code", message=message)
    if not 0 < len(details.name) <= LONGEST_NAME or not details.name.isprintable():
        message = f"Write the name of the training on one line, in {LONGEST_NAME} characters at most."
        yield Problem(path="name", code="bad_name", message=message)
    if details.validity_months is not None and not 0 < details.validity_months <= MOST_MONTHS:
        message = f"A certificate holds for 1 to {MOST_MONTHS} months; leave this empty if it has no end."
        yield Problem(path="validity_months", code="out_of_range", message=message)
    days = details.reminder_days
    if len(days) > MOST_REMINDERS or not all(0 <= each <= EARLIEST_REMINDER for each in days):
        message = (
            f"Reminders are {MOST_REMINDERS} numbers of days at most, from 0 to {EARLIEST_REMINDER}, "
            "such as 90, 60, 30, 14, 7, 0."
        )
        yield Problem(path="reminder_days", code="out_of_range", message=message)
