"""Reading what was typed into the form of what a home needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.demand.changes import MOST_PEOPLE, NeedPlan
from flowapp.rota.shift_templates.template import ShiftTemplate
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import read_time
from flowapp.rota.work import WEEKDAY_NAMES
from flowapp.web.shifts.forms import codes, day, number, word

NAMES = ("name", "template", "unit", "role", "start", "end", "fewest", "ideal", "valid_from", "valid_to", "skills")
_FIELDS = {"unit_id": "unit"}


@dataclass(frozen=True, kw_only=True)
class NeedForm:
    """The form of a need as it was typed, with what is wrong with it."""

    name: str = ""
    template: str = ""
    unit: str = ""
    role: str = JobRole.CARER.value
    start: str = ""
    end: str = ""
    fewest: str = "1"
    ideal: str = ""
    valid_from: str = ""
    valid_to: str = ""
    skills: str = ""
    weekdays: tuple[str, ...] = WEEKDAY_NAMES
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Iterable[Problem]) -> NeedForm:
        """Answer the same form with what is wrong with it."""
        errors: dict[str, str] = {}
        for problem in problems:
            name = _FIELDS.get(problem.path, problem.path)
            name = name if name in (*NAMES, "weekdays") else "name"
            errors[name] = f"{errors[name]} {problem.message}" if name in errors else problem.message
        return replace(self, errors=errors)


def read_need_form(form: MultiDict[str, str]) -> NeedForm:
    """Take the form as it was typed."""
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in NAMES if name in form}
    return NeedForm(**typed, weekdays=tuple(form.getlist("weekdays")))


def form_of(plan: NeedPlan) -> NeedForm:
    """Answer the form filled in with a need as it is."""
    return NeedForm(
        name=plan.name,
        unit="" if plan.unit_id is None else str(plan.unit_id),
        role=plan.role.value,
        start=f"{plan.start:%H:%M}",
        end=f"{plan.end:%H:%M}",
        fewest=str(plan.fewest),
        ideal="" if plan.ideal is None else str(plan.ideal),
        valid_from="" if plan.valid_from is None else plan.valid_from.isoformat(),
        valid_to="" if plan.valid_to is None else plan.valid_to.isoformat(),
        skills=", ".join(plan.skills),
        weekdays=plan.weekdays,
    )


def plan_of(form: NeedForm, templates: Sequence[ShiftTemplate]) -> NeedPlan:
    """Answer what is meant; a template fills in name and times left empty. Raises Refused naming every field."""
    chosen = next((each for each in templates if str(each.id) == form.template), None)
    name, start, end = (chosen.name.lower(), chosen.start_local, chosen.end_local) if chosen else ("", "", "")
    given: dict[str, Any] = {"name": form.name or name, "skills": codes(form.skills), "weekdays": form.weekdays}
    problems: list[Problem] = []
    readers: dict[str, Callable[[], Any]] = {
        "unit_id": lambda: number(form.unit, "unit", "Choose one of the units, or the whole home."),
        "role": lambda: word(form.role, "role", JobRole, "Choose a role."),
        "start": lambda: read_time(form.start or start, field="start"),
        "end": lambda: read_time(form.end or end, field="end"),
        "fewest": lambda: _people(form.fewest, "fewest"),
        "ideal": lambda: _people(form.ideal, "ideal") if form.ideal else None,
        "valid_from": lambda: day(form.valid_from, "valid_from") if form.valid_from else None,
        "valid_to": lambda: day(form.valid_to, "valid_to") if form.valid_to else None,
    }
    for field_name, read in readers.items():
        try:
            given[field_name] = read()
        except Refused as refused:
            problems.extend(refused.problems)
    if problems:
        raise Refused(problems)
    return NeedPlan(**given)


def _people(text: str, path: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        message = f"Write a number of people from 1 to {MOST_PEOPLE}."
        raise Refused([Problem(path=path, code="bad_value", message=message)])
    return int(text)
