"""Reading what was typed into the form of a shift template."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.shift_templates.changes import TemplateDetails
from flowapp.rota.shift_templates.template import Colour
from flowapp.rota.shifts import ShiftKind, WorkingTime
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import read_time
from flowapp.web.shifts.forms import codes, minutes, word

NAMES = (
    *("code", "name", "start", "end", "unpaid_break_minutes", "colour", "kind", "working_time", "role", "skills"),
    "offered",
)
WORDS = {
    "colour": (Colour, "Choose a colour."),
    "kind": (ShiftKind, "Choose a kind."),
    "working_time": (WorkingTime, "Choose how much of it is work."),
}


@dataclass(frozen=True, kw_only=True)
class TemplateForm:
    """The form of a template as it was typed, with what is wrong with it."""

    code: str = ""
    name: str = ""
    start: str = ""
    end: str = ""
    unpaid_break_minutes: str = "0"
    colour: str = Colour.BLUE.value
    kind: str = ShiftKind.REGULAR.value
    working_time: str = WorkingTime.FULL.value
    role: str = ""
    skills: str = ""
    offered: str = "yes"
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Iterable[Problem]) -> TemplateForm:
        """Answer the same form with what is wrong with it."""
        errors: dict[str, str] = {}
        for problem in problems:
            name = problem.path if problem.path in NAMES else "code"
            errors[name] = f"{errors[name]} {problem.message}" if name in errors else problem.message
        return replace(self, errors=errors)


def read_template_form(form: MultiDict[str, str], *, is_new: bool) -> TemplateForm:
    """Take the form as it was typed; a box that is not ticked is not sent."""
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in NAMES if name in form}
    return TemplateForm(**({"offered": "yes" if is_new else ""} | typed))


def form_of(details: TemplateDetails) -> TemplateForm:
    """Answer the form filled in with a template as it is."""
    return TemplateForm(
        code=details.code,
        name=details.name,
        start=f"{details.start:%H:%M}",
        end=f"{details.end:%H:%M}",
        unpaid_break_minutes=str(details.unpaid_break_minutes),
        colour=details.colour.value,
        kind=details.kind.value,
        working_time=details.working_time.value,
        role="" if details.role is None else details.role.value,
        skills=", ".join(details.skills),
        offered="yes" if details.is_active else "",
    )


def details_of(form: TemplateForm) -> TemplateDetails:
    """Answer what is to be said of the template; raises Refused naming every field that makes no sense."""
    given: dict[str, Any] = {"code": form.code, "name": form.name, "skills": codes(form.skills)}
    given["is_active"] = bool(form.offered)
    problems: list[Problem] = []
    readers: dict[str, Callable[[], Any]] = {
        "start": lambda: read_time(form.start, field="start"),
        "end": lambda: read_time(form.end, field="end"),
        "unpaid_break_minutes": lambda: minutes(form.unpaid_break_minutes or "0"),
        "colour": lambda: word(form.colour, "colour", *WORDS["colour"]),
        "kind": lambda: word(form.kind, "kind", *WORDS["kind"]),
        "working_time": lambda: word(form.working_time, "working_time", *WORDS["working_time"]),
        "role": lambda: word(form.role, "role", JobRole, "Choose a role.") if form.role else None,
    }
    for name, read in readers.items():
        try:
            given[name] = read()
        except Refused as refused:
            problems.extend(refused.problems)
    if problems:
        raise Refused(problems)
    return TemplateDetails(**given)
