"""Reading what was typed into the forms about types of training."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.staff import JobRole
from flowapp.rota.training.types import REMINDER_DAYS, Category, TrainingType

MOST_DIGITS = 6
_YES = "yes"


@dataclass(frozen=True, kw_only=True)
class TypeForm:
    """The form of a type of training as it was typed, with what is wrong with it."""

    name: str = ""
    code: str = ""
    category: str = Category.MANDATORY.value
    validity_months: str = "12"
    reminder_days: str = ", ".join(map(str, REMINDER_DAYS))
    blocks_rostering: bool = False
    needs_competency: bool = False
    is_active: bool = True
    applies_to_roles: tuple[str, ...] = ()
    nations: tuple[str, ...] = ()
    home: str = ""  # of who needs it
    role: str = ""
    grace_days: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Iterable[Problem], *, otherwise: str) -> TypeForm:
        """Answer the same form with what is wrong with it; what belongs to no field stands at `otherwise`."""
        errors: dict[str, str] = {}
        for problem in problems:
            name = {"care_home_id": "home"}.get(problem.path, problem.path) or otherwise
            errors[name] = f"{errors[name]} {problem.message}" if name in errors else problem.message
        return replace(self, errors=errors)


def form_of(found: TrainingType) -> TypeForm:
    """Answer the form with what is written of a type."""
    return TypeForm(
        name=found.name,
        code=found.code,
        category=found.category.value,
        validity_months="" if found.validity_months is None else str(found.validity_months),
        reminder_days=", ".join(map(str, found.reminder_days)),
        blocks_rostering=found.blocks_rostering,
        needs_competency=found.needs_competency,
        is_active=found.is_active,
        applies_to_roles=tuple(found.applies_to_roles),
        nations=tuple(found.nations),
    )


def read_type_form(form: MultiDict[str, str], *, new: bool) -> TypeForm:
    """Take the form of a type as it was typed; a new one is in use."""
    names = ("name", "code", "category", "validity_months", "reminder_days")
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in names if name in form}
    return TypeForm(
        **typed,
        blocks_rostering=form.get("blocks_rostering") == _YES,
        needs_competency=form.get("needs_competency") == _YES,
        is_active=new or form.get("is_active") == _YES,
        applies_to_roles=tuple(each for each in form.getlist("applies_to_roles") if each in set(JobRole)),
        nations=tuple(each for each in form.getlist("nations") if each in set(Nation)),
    )


def said_of(form: TypeForm) -> dict[str, Any]:
    """Answer what is said of a type, as `TypeDetails` has it; raises Refused naming each field."""
    problems: list[Problem] = []
    months = _whole("validity_months", form.validity_months, problems) if form.validity_months else None
    parts = [each.strip() for each in form.reminder_days.split(",") if each.strip()]
    days = [_whole("reminder_days", each, problems) for each in parts]
    if form.category not in set(Category):
        problems.append(Problem(path="category", code="bad_value", message="Choose why people have to have it."))
    if problems:
        raise Refused(problems[:1] if {each.path for each in problems} == {"reminder_days"} else problems)
    return {
        "code": form.code,
        "name": form.name,
        "category": Category(form.category),
        "validity_months": months,
        "reminder_days": days,
        "blocks_rostering": form.blocks_rostering,
        "needs_competency": form.needs_competency,
        "applies_to_roles": list(form.applies_to_roles),
        "nations": list(form.nations),
        "is_active": form.is_active,
    }


def read_need(form: MultiDict[str, str], into: TypeForm) -> TypeForm:
    """Take the form of who needs a type as it was typed."""
    home, role, days = (form.get(name, "").strip() for name in ("home", "role", "grace_days"))
    return replace(into, home=home, role=role, grace_days=days)


def need_of(form: TypeForm) -> dict[str, Any]:
    """Answer who needs a type; raises Refused naming each field."""
    problems: list[Problem] = []
    days = _whole("grace_days", form.grace_days, problems)
    if form.home and not (form.home.isdecimal() and len(form.home) <= MOST_DIGITS * 2):
        problems.append(Problem(path="home", code="bad_value", message="Choose one of the homes."))
    if form.role and form.role not in set(JobRole):
        problems.append(Problem(path="role", code="bad_value", message="Choose one of the roles."))
    if problems:
        raise Refused(problems)
    return {
        "home_id": int(form.home) if form.home else None,
        "role": JobRole(form.role) if form.role else None,
        "grace_days": days,
    }


def _whole(name: str, text: str, problems: list[Problem]) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS:
        return int(text)
    words = {
        "validity_months": "Write a number of months, such as 12, or nothing if a certificate has no end.",
        "reminder_days": "Write numbers of days with commas between them, such as 90, 60, 30, 14, 7, 0.",
        "grace_days": "Write a number of days, such as 14; 0 if it is needed from the first day.",
    }
    problems.append(Problem(path=name, code="no_number", message=words[name]))
    return 0
