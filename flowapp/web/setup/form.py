"""What was typed so far: each step carries what the others hold along, so nothing is kept before the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from werkzeug.datastructures import FileStorage, MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.workflows.library import READY_MADE

MOST_SHOWN = 20


class Step(StrEnum):
    """The pages one goes through, in this order."""

    HOME = "home"
    STAFF = "staff"
    WORKFLOWS = "workflows"
    YOU = "you"

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields on the page; the password is not among them, since it is never written back."""
        return _FIELDS[self]


_FIELDS = {
    Step.HOME: ("home_name", "code", "nation", "timezone", "units"),
    Step.STAFF: ("people",),
    Step.WORKFLOWS: ("workflows",),
    Step.YOU: ("name", "email"),
}


@dataclass(frozen=True, kw_only=True)
class SetupForm:
    """Everything that was typed, and what is wrong with it."""

    key: str = ""
    step: Step = Step.HOME
    home_name: str = ""
    code: str = ""
    nation: str = ""
    timezone: str = "Europe/London"
    units: str = ""
    people: str = ""
    workflows: tuple[str, ...] = tuple(READY_MADE)
    name: str = ""
    email: str = ""
    problems: tuple[tuple[str, str], ...] = ()
    errors: dict[str, str] = field(default_factory=dict)

    def at(self, step: Step) -> SetupForm:
        """Answer the same form on another page."""
        return replace(self, step=step, problems=(), errors={})

    def with_problems(self, problems: tuple[Problem, ...]) -> SetupForm:
        """Answer the same form with what is wrong: the first ones each by itself, and the rest counted."""
        shown = [(each.path, each.message) for each in problems[:MOST_SHOWN]]
        if len(problems) > MOST_SHOWN:
            shown.append((problems[0].path, f"There are {len(problems) - MOST_SHOWN} more like these."))
        counts = {each.path: sum(other.path == each.path for other in problems) for each in problems}
        errors = {each.path: each.message for each in reversed(problems)}
        for path, count in counts.items():
            if count > 1:
                errors[path] = f"{count} things are not right; they are named at the top of the page."
        return replace(self, problems=tuple(shown), errors=errors)

    @property
    def carried(self) -> Iterator[tuple[str, str]]:
        """The fields of the other pages, to be sent along hidden."""
        yield "key", self.key
        yield "step", self.step.value
        values = self._texts()
        for step in Step:
            if step is not self.step:
                yield from ((name, value) for name in step.fields for value in values[name])

    def _texts(self) -> dict[str, tuple[str, ...]]:
        one = {"home_name": self.home_name, "code": self.code, "nation": self.nation, "timezone": self.timezone}
        one |= {"units": self.units, "people": self.people, "name": self.name, "email": self.email}
        return {name: (text,) for name, text in one.items()} | {"workflows": self.workflows}


def read_setup_form(form: MultiDict[str, str]) -> SetupForm:
    """Take the form as it was typed."""
    step = form.get("step", "")
    return SetupForm(
        key=form.get("key", ""),
        step=Step(step) if step in set(Step) else Step.HOME,
        home_name=form.get("home_name", "").strip(),
        code=form.get("code", "").strip().upper(),
        nation=form.get("nation", ""),
        timezone=form.get("timezone", "").strip(),
        units=form.get("units", "").strip(),
        people=form.get("people", "").strip(),
        workflows=tuple(name for name in READY_MADE if name in form.getlist("workflows")),
        name=form.get("name", "").strip(),
        email=form.get("email", "").strip(),
    )


def with_sent_list(form: SetupForm, file: FileStorage | None) -> SetupForm:
    """Take the list of staff out of a file instead, if one was sent; raises Refused when it is no text."""
    if file is None or not file.filename:
        return form
    data = file.read()
    for encoding in ("utf-8-sig", "cp1252"):  # the second is what older spreadsheets write
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return replace(form, people=text.strip())
    message = "This file is not plain text. Save the list from your spreadsheet as CSV, then choose that file."
    raise Refused([Problem(path="people_file", code="not_text", message=message)])
