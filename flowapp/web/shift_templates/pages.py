"""What the pages of shift templates show."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.rota.homes import CareHome
from flowapp.rota.shift_templates.reading import seen_templates
from flowapp.rota.shift_templates.template import Colour, ShiftTemplate
from flowapp.rota.staff import JobRole
from flowapp.web.shift_templates.form import TemplateForm
from flowapp.web.shifts.form_pages import KINDS, ROLES, Options
from flowapp.web.shifts.pages import WORKING_TIMES

FOR_ALL = "All homes"
COLOURS: Options = tuple((each.value, each.label) for each in Colour)


@dataclass(frozen=True, kw_only=True)
class TemplateRow:
    """One template in the list."""

    href: str  # empty for whoever may not change it
    code: str
    name: str
    times: str
    unpaid: str
    role: str
    home: str
    offered: bool


@dataclass(frozen=True, kw_only=True)
class TemplatesPage:
    """The list of templates, and the form of a new one."""

    rows: tuple[TemplateRow, ...]
    may_add: bool
    form: TemplateForm
    nonce: str
    url: str
    homes: Options
    home: str
    choices: dict[str, Options]
    rota_url: str


@dataclass(frozen=True, kw_only=True)
class TemplatePage:
    """One template and the form that changes it."""

    title: str
    sentence: str
    back: str
    url: str
    form: TemplateForm
    version: int
    choices: dict[str, Options]


def templates_page(session: Session, person: Person, form: TemplateForm, *, home: str, nonce: str) -> TemplatesPage:
    """Put the list together: what is for all homes first, then home by home."""
    names = {each.id: each for each in session.scalars(select(CareHome))}
    found = sorted(
        seen_templates(session, person),
        key=lambda each: ("" if each.home_id is None else names[each.home_id].name, each.start_local, each.code),
    )
    allowed = homes_of(person, "home.edit")
    homes = [each for each in names.values() if each.is_active and (allowed is ALL or each.id in (allowed or ()))]
    everywhere = [("", FOR_ALL)] if allowed is ALL else []
    return TemplatesPage(
        rows=tuple(_row(person, each, names) for each in found),
        may_add=bool(homes),
        form=form,
        nonce=nonce,
        url=url_for("shift_templates.add"),
        homes=(*everywhere, *((each.code, each.name) for each in sorted(homes, key=lambda each: each.name))),
        home=home,
        choices=CHOICES,
        rota_url=url_for("rota.index"),
    )


def template_page(found: ShiftTemplate, form: TemplateForm, home_name: str) -> TemplatePage:
    """Put the page of one template together."""
    return TemplatePage(
        title=f"{found.name} ({found.code})",
        sentence=f"For {home_name or 'all homes'}. Shifts that are planned already stay as they are.",
        back=url_for("shift_templates.index"),
        url=url_for("shift_templates.change_template", template_id=found.id),
        form=form,
        version=found.version,
        choices=CHOICES,
    )


CHOICES: dict[str, Options] = {
    "colours": COLOURS,
    "kinds": KINDS,
    "working_times": tuple((each.value, words) for each, words in WORKING_TIMES.items()),
    "roles": ROLES,
}


def may_change(person: Person, found: ShiftTemplate) -> bool:
    """Say whether somebody may change a template: one for all homes only who looks after all of them."""
    if found.home_id is None:
        return homes_of(person, "home.edit") is ALL
    return can(person, "home.edit", On(home_id=found.home_id))


def _row(person: Person, found: ShiftTemplate, names: dict[int, CareHome]) -> TemplateRow:
    href = url_for("shift_templates.show_template", template_id=found.id) if may_change(person, found) else ""
    return TemplateRow(
        href=href,
        code=found.code,
        name=found.name,
        times=f"{found.start_local} to {found.end_local}",
        unpaid=f"{found.unpaid_break_minutes} minutes" if found.unpaid_break_minutes else "None",
        role=JobRole(found.role).label if found.role else "Any",
        home=FOR_ALL if found.home_id is None else names[found.home_id].name,
        offered=found.is_active,
    )
