"""What somebody's page says about their training."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import Staff
from flowapp.rota.training.matrix import missing_of
from flowapp.rota.training.reading import HeldCertificate, of_person
from flowapp.rota.wording import list_text
from flowapp.web.filters import day
from flowapp.web.training.words import STANDING_PILLS, Pill, ends

MOST_NAMED = 6


@dataclass(frozen=True, kw_only=True)
class CertificateLine:
    """One certificate of the person."""

    href: str
    name: str
    issued: str
    ends: str
    pill: Pill


@dataclass(frozen=True, kw_only=True)
class PersonTraining:
    """The training of one person; `record_url` is empty for who may not add to it."""

    sentence: str
    rows: tuple[CertificateLine, ...]
    button: str
    record_url: str
    hint: str


def person_training(
    session: Session, person: Person, member: Staff, at: CareHome, today: date
) -> PersonTraining | None:
    """Put together somebody's training, or nothing for who may not see it."""
    on = On(home_id=at.id, staff_id=member.id)
    if not can(person, "certificate.view", on):
        return None
    own = person.staff_id == member.id
    held = of_person(session, member.id, today)
    missing = missing_of(session, member, at, reversed(held), today)
    may = can(person, "certificate.upload", on) or can(person, "certificate.record", on)
    return PersonTraining(
        sentence=f"Not there yet: {list_text(missing, most=MOST_NAMED)}." if missing else "",
        rows=tuple(_line(each, today) for each in held),
        button="Send in a certificate" if own else "Record a certificate",
        record_url=url_for("training.record_form", staff_id=member.id) if may else "",
        hint="Send in your first one; HR checks it." if own else f"Certificates of {member.name} appear here.",
    )


def _line(held: HeldCertificate, today: date) -> CertificateLine:
    return CertificateLine(
        href=url_for("training.show_certificate", certificate_id=held.id),
        name=held.type_name,
        issued=day(held.issued_on),
        ends=ends(held.expires_on),
        pill=STANDING_PILLS[held.standing_on(today)],
    )
