"""Reading what was typed into the form of a shift."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shift_templates.template import ShiftTemplate
from flowapp.rota.shifts import ShiftKind, WorkingTime
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import read_time

Choice = TypeVar("Choice", bound=StrEnum)
MOST_AT_ONCE = 10
NAMES = (
    *("unit", "date", "template", "start", "end", "unpaid_break_minutes", "role", "kind", "working_time"),
    *("skills", "notes", "how_many"),
)
# The field of the form in which a problem of the plan lies, where it has another name.
_FIELDS = {"unit_id": "unit"}


@dataclass(frozen=True, kw_only=True)
class ShiftForm:
    """The form of a shift as it was typed, with what is wrong with it."""

    unit: str = ""
    date: str = ""
    template: str = ""
    start: str = ""
    end: str = ""
    unpaid_break_minutes: str = ""
    role: str = JobRole.CARER.value
    kind: str = ""
    working_time: str = ""
    skills: str = ""
    notes: str = ""
    how_many: str = "1"
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Iterable[Problem]) -> ShiftForm:
        """Answer the same form with what is wrong with it."""
        errors: dict[str, str] = {}
        for problem in problems:
            name = _FIELDS.get(problem.path, problem.path)
            name = name if name in NAMES else "date"
            errors[name] = f"{errors[name]} {problem.message}" if name in errors else problem.message
        return replace(self, errors=errors)


def read_shift_form(form: MultiDict[str, str]) -> ShiftForm:
    """Take the form as it was typed."""
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in NAMES if name in form}
    return ShiftForm(**typed)


def form_of(plan: ShiftPlan) -> ShiftForm:
    """Answer the form filled in with a shift as it is planned."""
    return ShiftForm(
        unit="" if plan.unit_id is None else str(plan.unit_id),
        date=plan.date.isoformat(),
        start=f"{plan.start:%H:%M}",
        end=f"{plan.end:%H:%M}",
        unpaid_break_minutes=str(plan.unpaid_break_minutes),
        role=plan.role.value,
        kind=plan.kind.value,
        working_time=plan.working_time.value,
        skills=", ".join(plan.skills),
        notes=plan.notes,
    )


def plan_of(form: ShiftForm, templates: Sequence[ShiftTemplate]) -> ShiftPlan:
    """Answer what is to be planned; a template fills in what is left empty. Raises Refused naming every field."""
    usual = _usual(form, templates)
    problems: list[Problem] = []

    def read(name: str, value: Any) -> Any:
        try:
            return value()
        except Refused as refused:
            problems.extend(refused.problems)
            return None

    given = {
        "unit_id": read("unit", lambda: number(form.unit, "unit", "Choose one of the units, or the whole home.")),
        "role": read("role", lambda: word(form.role, "role", JobRole, "Choose a role.")),
        "date": read("date", lambda: day(form.date, "date")),
        "start": read("start", lambda: read_time(form.start or usual["start"], field="start")),
        "end": read("end", lambda: read_time(form.end or usual["end"], field="end")),
        "unpaid_break_minutes": read("break", lambda: minutes(form.unpaid_break_minutes or usual["break"])),
        "kind": read("kind", lambda: word(form.kind or usual["kind"], "kind", ShiftKind, "Choose a kind.")),
        "working_time": read(
            "working_time",
            lambda: word(form.working_time or usual["working_time"], "working_time", WorkingTime, "Choose one."),
        ),
        "notes": form.notes.replace("\r\n", "\n"),
        "skills": codes(form.skills) or usual["skills"],
    }
    if problems:
        raise Refused(problems)
    return ShiftPlan(**given)


def how_many(form: ShiftForm) -> int:
    """Answer how many people are needed alike; raises Refused."""
    if form.how_many.isascii() and form.how_many.isdecimal() and 1 <= int(form.how_many[:4]) <= MOST_AT_ONCE:
        return int(form.how_many)
    message = f"Write how many people from 1 to {MOST_AT_ONCE}; each gets a shift."
    raise Refused([Problem(path="how_many", code="out_of_range", message=message)])


def day(text: str, path: str) -> date:
    """Read a day; raises Refused naming its field."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = "Enter a day, such as 14 March 2026."
        raise Refused([Problem(path=path, code="bad_date", message=message)]) from None


def number(text: str, path: str, words: str) -> int | None:
    """Read the number of a record, or None where nothing is chosen; raises Refused."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Refused([Problem(path=path, code="bad_value", message=words)])
    return int(text)


def minutes(text: str) -> int:
    """Read the minutes of a break; raises Refused."""
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        message = "Write the unpaid break in whole minutes, such as 30; 0 for none."
        raise Refused([Problem(path="unpaid_break_minutes", code="bad_value", message=message)])
    return int(text)


def word(text: str, path: str, words: type[Choice], message: str) -> Choice:
    """Read one of several words; raises Refused."""
    if text not in {each.value for each in words}:
        raise Refused([Problem(path=path, code="bad_value", message=message)])
    return words(text)


def codes(text: str) -> tuple[str, ...]:
    """Read codes of skills, parted by commas or blanks, each once."""
    return tuple(dict.fromkeys(each for each in re.split(r"[\s,;]+", text) if each))


def _usual(form: ShiftForm, templates: Sequence[ShiftTemplate]) -> dict[str, Any]:
    """Answer what stands for an empty field: what the chosen template says, else what most shifts are like."""
    chosen = next((each for each in templates if str(each.id) == form.template), None)
    if chosen is None:
        return {"start": "", "end": "", "break": "0", "kind": "regular", "working_time": "full", "skills": ()}
    return {
        "start": chosen.start_local,
        "end": chosen.end_local,
        "break": str(chosen.unpaid_break_minutes),
        "kind": str(chosen.kind),
        "working_time": str(chosen.working_time),
        "skills": tuple(chosen.skills),
    }
