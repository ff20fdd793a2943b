"""What a member of staff's page says of when and where they work: absences, homes, and what the rules know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.rota.absence.absence import AbsenceStatus, absences_of
from flowapp.rota.eligibility.candidate import Scope
from flowapp.rota.home_scope.scopes import homes_worked_in
from flowapp.rota.homes import homes
from flowapp.rota.staff import Staff, StaffStatus
from flowapp.rota.wording import amount_text
from flowapp.rota.work_limits.limits import limits_of
from flowapp.web.absences.pages import AbsenceRow, absence_row
from flowapp.web.filters import day

MOST_ABSENCES = 20
SCOPES = {
    Scope.BASE: "Works here",
    Scope.RELIEF: "Helps out",
    Scope.NEVER: "Must not work here",
}
NEITHER = "none"
CHOICES = (("relief", "Helps out there"), ("never", "Must not work there"), (NEITHER, "Neither"))


@dataclass(frozen=True, kw_only=True)
class PresencePart:
    """When and where somebody works, as far as the reader may see it."""

    availability_url: str
    availability_words: str
    sees_absences: bool
    absences: tuple[AbsenceRow, ...]
    off: str  # that they are off sick at this time; empty where they are not
    report_url: str
    homes: tuple[tuple[str, str], ...]
    other_homes: tuple[tuple[str, str], ...]
    home_choices: tuple[tuple[str, str], ...]
    homes_url: str
    sees_limits: bool
    limits: tuple[tuple[str, str], ...]
    limits_url: str


def presence_part(session: Session, person: Person, member: Staff) -> PresencePart:
    """Put together what this reader may see."""
    on = On(home_id=member.home_id, staff_id=member.id)
    edits, private, sees_absences = (
        can(person, "staff.edit", on),
        can(person, "staff.private", on),
        can(person, "absence.view", on),
    )
    absences = absences_of(session, member.id)[:MOST_ABSENCES] if sees_absences else []
    reports = can(person, "absence.record", on) and member.status != StaffStatus.LEAVER
    away = any(each.status is AbsenceStatus.AWAY for each in absences)
    return PresencePart(
        availability_url=url_for("availability.show_member", staff_id=member.id),
        availability_words="When can you work?" if person.staff_id == member.id else "When they can work",
        sees_absences=sees_absences,
        absences=tuple(absence_row(each, member.name, "") for each in absences),
        off="Off sick at this time." if away else "",
        report_url=url_for("absences.report_form", staff=member.id) if reports and not away else "",
        homes=tuple((name, SCOPES[kind]) for _, name, kind in homes_worked_in(session, member)),
        other_homes=_other_homes(session, person, member) if edits else (),
        home_choices=CHOICES,
        homes_url=url_for("staff.set_home", staff_id=member.id),
        sees_limits=private,
        limits=_limits(member, sees_note=can(person, "staff.health", on)) if private else (),
        limits_url=url_for("work_limits.limits_form", staff_id=member.id) if edits and private else "",
    )


def _other_homes(session: Session, person: Person, member: Staff) -> tuple[tuple[str, str], ...]:
    """Answer the homes of which the reader may say whether this person helps out there."""
    seen = homes_of(person, "home.view")
    return tuple(
        (str(home.id), home.name)
        for home in homes(session)
        if home.id != member.home_id and (seen is None or home.id in seen)
    )


def _limits(member: Staff, *, sees_note: bool) -> tuple[tuple[str, str], ...]:
    known = limits_of(member)
    signed = "Not agreed"
    if known.opted_out_on is not None:
        notice = (
            f", with {amount_text(known.opt_out_notice_days, 'day')} of notice" if known.opt_out_notice_days else ""
        )
        signed = f"Agreed on {day(known.opted_out_on)}{notice}"
    facts = [
        ("Date of birth", _day(known.born, "Not known")),
        ("More than 48 hours a week", signed),
        ("Health assessment for nights", _day(known.night_assessed_on, "None yet")),
        ("Most days in a row", amount_text(known.most_days_in_a_row, "day")),
        (
            "Most hours a week",
            "No limit of their own" if known.most_week_hours is None else amount_text(known.most_week_hours, "hour"),
        ),
        ("More shifts", "Glad to be asked" if known.wants_extra else "Not asked for"),
        ("Occupational health", ", ".join(each.label for each in known.restrictions) or "Nothing to keep to"),
    ]
    if sees_note and known.restriction_note:
        facts.append(("What occupational health wrote", known.restriction_note))
    return tuple(facts)


def _day(value: date | None, otherwise: str) -> str:
    return otherwise if value is None else day(value)
