"""What the forms of a shift show: planning one, changing one, cancelling one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.rota.homes import CareHome
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shift_templates.reading import templates_for
from flowapp.rota.shifts import ShiftKind
from flowapp.rota.staff import JobRole
from flowapp.rota.units import units_of
from flowapp.web.filters import long_day
from flowapp.web.shifts.forms import ShiftForm
from flowapp.web.shifts.pages import WORKING_TIMES

Options = tuple[tuple[str, str], ...]
ROLES: Options = tuple((role.value, role.label) for role in JobRole)
KINDS: Options = tuple((kind.value, kind.value.capitalize()) for kind in ShiftKind)


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """The form of a shift, new or there already."""

    title: str
    sentence: str
    back: str
    back_words: str
    url: str
    form: ShiftForm
    nonce: str
    is_new: bool
    version: str
    home: str
    units: Options
    templates: Options
    roles: Options
    kinds: Options
    working_times: Options
    button: str


@dataclass(frozen=True, kw_only=True)
class CancelPage:
    """The form that asks why a shift is not needed any more."""

    title: str
    sentence: str
    back: str
    url: str
    version: int
    reason: str
    error: str


def new_page(session: Session, home: CareHome, form: ShiftForm, *, nonce: str) -> FormPage:
    """Put together the form of a shift that is not there yet."""
    return FormPage(
        title="Plan a shift",
        sentence=f"At {home.name}. Nobody sees it until it is published, and nobody has it until you give it to them.",
        back=url_for("rota.index", home=home.code),
        back_words="Rota",
        url=url_for("shift_forms.create"),
        form=form,
        nonce=nonce,
        is_new=True,
        version="",
        home=home.code,
        button="Plan this shift",
        **_choices(session, home.id),
    )


def change_page(session: Session, shift: PlannedShift, form: ShiftForm) -> FormPage:
    """Put together the form of a shift as it is."""
    told = shift.published_at is not None and shift.staff_id is not None
    return FormPage(
        title=f"Change the shift on {long_day(shift.local_date)}",
        sentence=f"{shift.staff_name} is told, and asked again to say that they have seen it." if told else "",
        back=url_for("shifts.show_shift", shift_id=shift.id),
        back_words="The shift",
        url=url_for("shift_forms.change_shift", shift_id=shift.id),
        form=form,
        nonce="",
        is_new=False,
        version=str(shift.version),
        home="",
        button="Change this shift",
        **_choices(session, shift.home_id),
    )


def cancel_page(shift: PlannedShift, *, reason: str = "", error: str = "") -> CancelPage:
    """Put together the form that cancels a shift."""
    who = f"{shift.staff_name} is told" if shift.published_at and shift.staff_id else "Its record stays"
    return CancelPage(
        title=f"Cancel the shift on {long_day(shift.local_date)}",
        sentence=f"{shift.role.label}, {shift.start_local} to {shift.end_local}. {who}.",
        back=url_for("shifts.show_shift", shift_id=shift.id),
        url=url_for("shift_forms.cancel_shift", shift_id=shift.id),
        version=shift.version,
        reason=reason,
        error=error,
    )


def _choices(session: Session, home_id: int) -> dict[str, Options]:
    templates = templates_for(session, home_id)
    return {
        "units": tuple((str(unit.id), unit.name) for unit in units_of(session, home_id)),
        "templates": tuple(
            (str(each.id), f"{each.name}, {each.start_local} to {each.end_local}") for each in templates
        ),
        "roles": ROLES,
        "kinds": KINDS,
        "working_times": tuple((each.value, words) for each, words in WORKING_TIMES.items()),
    }
